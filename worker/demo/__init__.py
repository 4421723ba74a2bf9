"""The demonstration: a day at the help desk in a minute, on the sandbox."""

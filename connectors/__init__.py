"""One module or folder per outside system, each in its own vocabulary; every failure is one of `connectors.errors`."""

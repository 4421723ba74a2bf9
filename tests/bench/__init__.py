"""How fast and how sparing the worker is: `python -m tests.bench [NAME …]`, one JSON line per figure.

Absolute times say little on a shared machine, so a figure is a count, or a ratio to a limit computed in the same run.
"""

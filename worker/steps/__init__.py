"""The things the worker does outside, each a value of two functions, in one table (`table.py`)."""

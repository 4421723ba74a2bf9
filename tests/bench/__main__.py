"""`python -m tests.bench [NAME …]`: measure, and print a JSON line for each figure. Exit 1: a target was missed."""

import logging
import sys

import structlog

from tests.bench.figures import FIGURES


def main(names: list[str]) -> int:
    """Measure the figures of these names, or all; how many targets were missed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        sys.stderr.write(f"there is no {', '.join(unknown)}; there are: {', '.join(FIGURES)}\n")
        return 2
    missed = 0
    for name in names or FIGURES:
        for figure in FIGURES[name]():
            sys.stdout.write(f"{figure.line()}\n")
            sys.stdout.flush()
            missed += figure.met is False
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

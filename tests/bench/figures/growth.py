"""Whether a full ledger makes requests dearer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tests.bench.figure import Figure, middle
from tests.bench.place import Place, place
from tests.bench.rows import fill

SMALL: Final = 1_000
LARGE: Final = 20_000
EACH: Final = 60
ROUNDS: Final = 3


def measure() -> Iterator[Figure]:
    """The medians of some rounds on each, on one and the same installation."""
    with place() as here:
        _cpu(here)  # what is made once is made
        fill(here.shop.ledger, SMALL, due_in=timedelta(days=1))
        small = middle(_cpu(here) for _ in range(ROUNDS))
    with place() as here:
        _cpu(here)
        fill(here.shop.ledger, LARGE, due_in=timedelta(days=1))
        large = middle(_cpu(here) for _ in range(ROUNDS))
    yield Figure("growth: CPU per request at 20,000 ÷ at 1,000 rows", large / small, "×", 1.2)


def _cpu(here: Place) -> float:
    here.far.ask("file", "key.bypass_code", EACH)
    here.poll()
    return here.work_off().cpu / EACH

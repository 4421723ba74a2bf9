"""The mutants that no test notices and why that is so, as `docs/mutants.md` tells it."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

DOC: Final = Path(__file__).parents[2] / "docs" / "mutants.md"
_ROW: Final = re.compile(r"^\| (`.+) \| (.+) \|$", re.MULTILINE)
_FUNCTION: Final = re.compile(r"`([\w.]+)` (\d+)")


def explained() -> Counter[str]:
    """How many mutants of each function stand there with a reason."""
    rows: list[tuple[str, str]] = _ROW.findall(DOC.read_text(encoding="utf-8"))
    found = Counter[str]()
    for functions, _ in rows:
        found.update({name: int(count) for name, count in _FUNCTION.findall(functions)})
    return found


def package_of(function: str) -> str:
    """`worker.ledger.steps.begin` belongs to `worker.ledger`, `connectors.errors.Refused.__init__` to `connectors`."""
    first, second, *_ = function.split(".")
    return first if first != "worker" else f"{first}.{second}"

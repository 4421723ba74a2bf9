"""What `mutmut run` left: the score by package, and the mutants that no test notices and nobody has explained.

`python -m tests.mutation`; exit code 1 where there are such ones.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.mutation.explained import explained, package_of

KILLED: Final = (1, 3)
NOT_TRIED: Final = None
UNNOTICED: Final = (0, 5, 33)  # mutmut's: it survived, or no test comes by


def results() -> Iterator[tuple[str, str, int | None]]:
    """Every mutant: its own name, its function's name as in the code, and mutmut's exit code for it."""
    for file in sorted(Path("mutants").rglob("*.meta")):
        for name, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            yield name, function_of(name), code


def function_of(mutant: str) -> str:
    """`rules.facts.xǁOneOfǁ__init____mutmut_1` is one of `rules.facts.OneOf.__init__`."""
    module, _, mangled = mutant.rpartition("__mutmut_")[0].rpartition(".")
    name = mangled.removeprefix("x_") if "ǁ" not in mangled else mangled.removeprefix("xǁ").replace("ǁ", ".")
    return f"{module}.{name}"


def main() -> int:
    scores: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unnoticed: defaultdict[str, list[str]] = defaultdict(list)
    for mutant, function, code in results():
        scores[package_of(function)][outcome(code)] += 1
        if code in UNNOTICED:
            unnoticed[function].append(mutant)
    for package, score in sorted(scores.items()):
        sys.stdout.write(f"{package}: {', '.join(f'{count} {what}' for what, count in sorted(score.items()))}\n")
    known = explained()
    missing = {name: mutants for name, mutants in unnoticed.items() if len(mutants) > known[name]}
    for name, mutants in missing.items():
        sys.stdout.write(f"not noticed, {known[name]} of {len(mutants)} explained: {' '.join(mutants)}\n")
    return 1 if missing else 0


def outcome(code: int | None) -> str:
    if code in UNNOTICED:
        return "not noticed"
    return "not tried" if code is NOT_TRIED else "killed" if code in KILLED else "timed out"


if __name__ == "__main__":
    sys.exit(main())

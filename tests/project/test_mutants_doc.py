"""The mutants that no test notices: README counts them, `docs/mutants.md` explains them, the code still has them."""

import pkgutil
import re
from collections import Counter

import pytest

from tests.mutation.__main__ import function_of
from tests.mutation.explained import explained, package_of
from tests.project.readme import sections

SCORE = re.compile(r"^\| `([\w.]+)`" + r" \| (\d+)" * 5 + r" \|$", re.MULTILINE)


@pytest.mark.parametrize("function", explained())
def test_a_function_that_is_explained_is_in_the_code(function: str) -> None:
    assert callable(pkgutil.resolve_name(function))


def test_readme_counts_what_is_explained() -> None:
    told = {package: int(explained) for package, _, _, _, explained, _ in SCORE.findall(sections()["Quality"].text)}
    counted = Counter[str]()
    for function, mutants in explained().items():
        counted[package_of(function)] += mutants
    assert told == counted


def test_the_score_adds_up() -> None:
    scores = [[int(count) for count in counts] for _, *counts in SCORE.findall(sections()["Quality"].text)]
    assert len(scores) == 4
    assert all(killed + known + unknown == tried <= mutants for mutants, tried, killed, known, unknown in scores)


@pytest.mark.parametrize(
    ("mutant", "function"),
    [
        ("rules.decide.x__gone__mutmut_3", "rules.decide._gone"),
        ("rules.facts.xǁOneOfǁ__init____mutmut_1", "rules.facts.OneOf.__init__"),
        ("worker.ledger.seal.xǁKeysǁ_key__mutmut_12", "worker.ledger.seal.Keys._key"),
    ],
)
def test_a_mutant_is_known_by_its_function(mutant: str, function: str) -> None:
    assert function_of(mutant) == function
    assert callable(pkgutil.resolve_name(function))

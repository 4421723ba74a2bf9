"""The lock files: pinned, hashed, the same versions, and no host named."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "deploy/requirements.lock")
PINNED = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)(?: ; [^\\]+)? \\$", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((TOP / name).read_text()))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name: str) -> None:
    assert not re.search(r"://|index|find-links|trusted-host|\bhttp", (TOP / name).read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_has_its_hashes(name: str) -> None:
    lines = (TOP / name).read_text().splitlines()
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) or PINNED.match(line) for line in lines)
    assert len(pins(name)) == sum(not line.startswith(" ") for line in lines)


def test_the_image_runs_the_versions_that_are_tested() -> None:
    assert pins(LOCKS[1]).items() <= pins(LOCKS[0]).items()


def test_every_dependency_is_in_the_lock_it_belongs_to() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    extras = [each for extra in project["optional-dependencies"].values() for each in extra]
    assert names(project["dependencies"]) <= pins(LOCKS[1]).keys()
    assert names(project["optional-dependencies"]["postgresql"]) <= pins(LOCKS[1]).keys()
    assert names([*project["dependencies"], *extras]) <= pins(LOCKS[0]).keys()


def test_the_image_has_no_tools_of_development() -> None:
    assert not {"pytest", "mypy", "ruff", "hypothesis", "vcrpy"} & pins(LOCKS[1]).keys()


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!\[;]", each)[0].strip() for each in requirements}

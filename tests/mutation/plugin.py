"""For `make mutants`, which asks thousands of times whether one changed line is noticed: quick, and never by chance.

A pytest plugin. A mutant meets the tests of its own package, the generated ones last, and none on PostgreSQL, as a
server would have to be started for each; a generated example that fails isn't made smaller first.
"""

import os
import sys
from typing import Final

import pytest
from hypothesis import Phase, settings

OWN: Final = {"rules": "tests/rules/", "connectors": "tests/connectors/"}
"""Where a package's mutants must be noticed; those of `worker` anywhere."""

settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
settings.load_profile("mutants")


def pytest_configure() -> None:
    _forget()


def pytest_runtest_setup() -> None:
    """While it is recorded which test calls what, no test is spared a call by another one before it."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        _forget()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    package = os.environ.get("MUTANT_UNDER_TEST", "").partition(".")[0]
    own = [item for item in items if item.nodeid.startswith(OWN.get(package, "")) and not _on_postgresql(item)]
    items[:] = sorted(own, key=_is_generated)


def _forget() -> None:
    """A process that tries a mutant is a copy of one without it: what that one has kept counts for nothing."""
    for name, module in list(sys.modules.items()):
        for kept in vars(module).values() if name.partition(".")[0] in ("rules", "worker", "connectors") else ():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


def _on_postgresql(item: pytest.Item) -> bool:
    asks = getattr(item, "fixturenames", ())
    return "postgresql" in item.name or ("databases" in asks and "sqlite" not in item.name)


def _is_generated(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "obj", None), "hypothesis")

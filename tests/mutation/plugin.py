"""For `make mutants`, which asks thousands of times whether one changed line is noticed: quick, and never by chance.

A pytest plugin. A mutant meets the tests of its own package, the generated ones last, and none on PostgreSQL, as a
server would have to be started for each; a generated example that fails isn't made smaller first.
"""

import gc
import os
import sys
from typing import Final

import pytest
from hypothesis import Phase, settings

OWN: Final = {"rules": "tests/rules/", "connectors": "tests/connectors/"}
"""Where a package's mutants must be noticed; those of `worker` anywhere."""
ASKED: Final = pytest.StashKey[frozenset[str]]()
"""The tests that mutmut asks for one by one; empty: all."""

settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True)
settings.load_profile("mutants")


def pytest_configure(config: pytest.Config) -> None:
    """Files are collected many times faster than hundreds of single tests, and so is rubbish of this process alone."""
    config.stash[ASKED] = frozenset(arg for arg in config.args if "::" in arg)
    config.args[:] = dict.fromkeys(arg.partition("::")[0] for arg in config.args)
    gc.freeze()
    _forget()


def pytest_runtest_setup() -> None:
    """While it is recorded which test calls what, no test is spared a call by another one before it."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        _forget()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """First, so that mutmut, which asks in the same way, hears of no test that isn't asked."""
    asked, package = config.stash[ASKED], os.environ.get("MUTANT_UNDER_TEST", "").partition(".")[0]
    own = [item for item in items if item.nodeid.startswith(OWN.get(package, "")) and not _on_postgresql(item)]
    items[:] = sorted((item for item in own if not asked or item.nodeid in asked), key=_is_generated)


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

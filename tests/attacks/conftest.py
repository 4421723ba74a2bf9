"""One installation for all attacks of a file; every attack begins on an empty ledger."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.attacks.district import District, district


@pytest.fixture(scope="module")
def changes() -> dict[str, dict[str, Any]]:
    """Configuration keys by table; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, changes: dict[str, dict[str, Any]]) -> Iterator[District]:
    with district(tmp_path_factory.mktemp("district"), changes) as made:
        yield made


@pytest.fixture
def town(installation: District) -> District:
    installation.begin()
    return installation

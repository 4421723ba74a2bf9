"""The whole worker on the whole sandbox, with its ledger in either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import Rig, System, kept_in, running


@pytest.fixture(autouse=True)
def _kept(request: pytest.FixtureRequest, database_kind: str) -> Iterator[None]:
    """An SQLite file in the folder of the rig, as configured; or a database of the test's own on PostgreSQL."""
    if database_kind == "sqlite":
        yield
        return
    with kept_in(request.getfixturevalue("database")):
        yield


@pytest.fixture
def rig(tmp_path: Path, system: System) -> Iterator[Rig]:
    with running(tmp_path, system=system) as rig:
        yield rig

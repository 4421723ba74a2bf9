"""The whole worker on the whole sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import Rig, System, running


@pytest.fixture
def rig(tmp_path: Path, system: System) -> Iterator[Rig]:
    with running(tmp_path, system=system) as rig:
        yield rig

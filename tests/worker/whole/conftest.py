"""The whole worker on the whole sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import Rig, running


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as rig:
        yield rig

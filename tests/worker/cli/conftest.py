"""What the commands' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.cli.installed import Installation, installed


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path) as installation:
        yield installation

"""The ledger of `tests.worker.ledger`, and a request on it with two steps ahead."""

from collections.abc import Callable

import pytest

from tests.worker.fulfil.outside import Outside, planned
from tests.worker.ledger.conftest import file, keys, ledger, made, url
from worker.case import Case
from worker.ledger.database import Ledger

__all__ = ["file", "keys", "ledger", "made", "url"]


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def case(ledger: Ledger, file: Callable[..., int]) -> Case:
    return planned(ledger, file(), "one", "two")

"""The ledger of `tests.worker.ledger`, and one month of requests whose figures were worked out by hand."""

import pytest

from tests.worker.ledger.conftest import keys, ledger, made, made_on_postgresql, url
from tests.worker.reporting.month import NOW, SINCE, month
from worker.ledger.database import Ledger
from worker.reporting.figures import Report, report

__all__ = ["keys", "ledger", "made", "made_on_postgresql", "url"]


@pytest.fixture
def found(ledger: Ledger) -> Report:
    month(ledger)
    return report(ledger, SINCE, NOW)

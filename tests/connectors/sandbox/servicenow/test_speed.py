"""A busy instance answers a poll quickly: 20,000 tasks, of which few changed."""

from collections.abc import Callable
from datetime import timedelta
from time import thread_time

import pytest

from connectors.sandbox.servicenow import ENROLMENT_ITEM, ServiceNow
from tests.connectors.sandbox.clock import START, Clock
from tests.connectors.sandbox.servicenow.asking import Asker

TASKS = 20_000
SLOW = 0.25  # s of computing; a quiet machine needs a tenth of it


@pytest.fixture(scope="module")
def busy() -> Asker:
    servicenow = ServiceNow(Clock(), seed=2)
    for index in range(TASKS):
        at = (START - timedelta(seconds=index)).strftime("%Y-%m-%d %H:%M:%S")
        item = servicenow.insert("sc_req_item", {"cat_item": ENROLMENT_ITEM, "sys_updated_on": at})
        servicenow.insert("sc_task", {"request_item": item, "sys_updated_on": at, "number": f"SCTASK{index}"})
    return Asker(servicenow)


def best(ask: Callable[[], object]) -> float:
    def once() -> float:
        start = thread_time()
        ask()
        return thread_time() - start

    return min(once() for _ in range(5))


def test_an_incremental_poll_is_quick(busy: Asker) -> None:
    since = (START - timedelta(seconds=9)).strftime("%Y-%m-%d %H:%M:%S")
    window = f"sys_updated_on>={since}^ORrequest_item.sys_updated_on>={since}"
    query = f"request_item.cat_itemIN{ENROLMENT_ITEM}^{window}^ORDERBYsys_id"
    assert len(busy.rows("sc_task", query, limit=200)) == 10
    assert best(lambda: busy.listed("sc_task", query, limit=200)) < SLOW


def test_a_page_of_a_keyset_is_quick(busy: Asker) -> None:
    query = f"request_item.cat_item={ENROLMENT_ITEM}^sys_id>8^ORDERBYsys_id"
    assert best(lambda: busy.listed("sc_task", query, limit=200, fields="sys_id,number")) < SLOW


def test_ids_are_looked_up_and_not_searched_for(busy: Asker) -> None:
    ids = ",".join(row["sys_id"] for row in busy.rows("sc_task", "", limit=200, fields="sys_id"))
    assert best(lambda: busy.listed("sc_task", f"sys_idIN{ids}", fields="number")) < SLOW / 5

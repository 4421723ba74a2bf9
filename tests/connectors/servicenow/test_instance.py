"""The instance and pysnow in it."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.errors import Misconfigured
from connectors.gate import free
from connectors.secret import Secret
from connectors.servicenow.auth import Basic
from connectors.servicenow.instance import Instance
from connectors.servicenow.query import Query
from connectors.servicenow.table import patch, rows
from tests.connectors.servicenow.stand import Stand


@pytest.mark.parametrize(
    "url",
    [
        "http://example.service-now.com",
        "example.service-now.com",
        "https://",
        "https://user:pw@example.service-now.com",
        "https://example.service-now.com/navpage.do",
    ],
)
def test_an_address_that_is_no_https_host_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="https://HOST"):
        Instance(url, Basic("duo.worker", Secret("x")), gate=free, stop=threading.Event())


def test_threads_never_read_or_write_each_other_s_records(stand: Stand) -> None:
    """With one pysnow resource between them they do (ServiceNow facts §7, 1)."""
    instance = stand.instance()
    tasks = [stand.file().task for _ in range(16)]

    def read_and_write(turn: int) -> None:
        task = tasks[turn % len(tasks)]
        query = Query().equals("number", task.number)
        found = rows(instance, "sc_task", query, ("sys_id", "number"), fits=lambda row: row["number"] == task.number)
        assert [row["sys_id"] for row in found.fit] == [task.sys_id]
        assert found.foreign == 0
        patch(instance, "sc_task", task.sys_id, {"close_notes": task.number}, ())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read_and_write, range(64)))
    for task in tasks:
        assert stand.servicenow.row(task.sys_id)["close_notes"] == task.number


def test_a_machine_without_libmagic_is_not_warned_of_attachments() -> None:
    script = "import sys; sys.modules['magic'] = None; import connectors.servicenow.instance"
    subprocess.run([sys.executable, "-W", "error::UserWarning", "-c", script], check=True, timeout=60)

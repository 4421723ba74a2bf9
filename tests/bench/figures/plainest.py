"""The same backlog by the plainest script: pysnow and duo_client as their READMEs show them, one by one.

It does less: no journal, no proof, no notice, no watching, and the code stands in the comment.
"""

import time
from collections.abc import Iterator
from typing import Any, Final

import duo_client
import pysnow
import requests

from connectors.sandbox.servicenow import ENROLMENT_ITEM
from tests.bench.figure import Figure
from tests.bench.figures.speed import CONCURRENCY, LATENCY
from tests.bench.place import Place, place
from worker.settings import read_secret

MANY: Final = 60
WHO: Final = "request_item.request.requested_for.user_name"


def measure() -> Iterator[Figure]:
    """Both on a backlog of the same size, on sandboxes of the same latencies."""
    by_worker, calls_of_worker = _by_worker()
    by_script, calls_of_script = _by_script()
    yield Figure(f"{MANY} requests: script's wall ÷ worker's", by_script / by_worker, "×", 8, "at least")
    yield Figure("calls per request, worker", calls_of_worker / MANY, "calls", calls_of_script / MANY)
    yield Figure("calls per request, plainest script", calls_of_script / MANY, "calls")


def _by_worker() -> tuple[float, int]:
    with place({"worker": {"concurrency": CONCURRENCY}}) as here:
        _prepare(here)
        began = time.perf_counter()
        here.poll()
        here.work_off()
        wall = time.perf_counter() - began
        if here.delivered() != MANY:
            raise AssertionError("not all were delivered")
        return wall, _ticket_and_duo(here)


def _by_script() -> tuple[float, int]:
    with place() as here:
        _prepare(here)
        began = time.perf_counter()
        done = script(here)
        wall = time.perf_counter() - began
        if done != MANY:
            raise AssertionError(f"the script did {done} of {MANY}")
        return wall, _ticket_and_duo(here)


def _prepare(here: Place) -> None:
    here.far.ask("file", "key.bypass_code", MANY)
    here.far.ask("latency", LATENCY)
    here.far.ask("forget")


def _ticket_and_duo(here: Place) -> int:
    """Of the two systems that both call."""
    return sum(count for (system, _), count in here.far.ask("calls").items() if system in ("servicenow", "duo"))


def script(here: Place) -> int:
    """How many requests it worked off."""
    settings = here.shop.settings
    ca = str(settings.servicenow.ca_file)
    session = requests.Session()
    session.auth = here.far.ask("account")
    session.verify, session.trust_env = ca, False
    client = pysnow.Client(host=settings.servicenow.url.removeprefix("https://"), session=session)
    tasks = client.resource(api_path="/table/sc_task")
    key, secret = settings.duo.integration_key, read_secret(settings.duo.secret_key_file).reveal()
    admin = duo_client.Admin(key, secret, settings.duo.host, ca_certs=ca, port=settings.duo.port)
    found = tasks.get(query={"active": "true", "request_item.cat_item": ENROLMENT_ITEM}, fields=["sys_id", WHO])
    return sum(_serve(tasks, admin, task) for task in found.all())


def _serve(tasks: Any, admin: Any, task: dict[str, Any]) -> int:
    (user,) = admin.get_users_by_name(task[WHO])
    (code,) = admin.add_user_bypass_codes(user["user_id"], count=1, valid_secs=28800, preserve_existing=True)
    tasks.update(query={"sys_id": task["sys_id"]}, payload={"state": "2"})
    tasks.update(query={"sys_id": task["sys_id"]}, payload={"state": "3", "comments": f"Your code: {code}"})
    return 1

"""What else becomes of a request than `tests/faults/stories.py` has: what comes after its delivery."""

from datetime import timedelta
from typing import Any, Final

from tests.faults.effects import Wrong
from tests.faults.stories import DELIVERIES, Scene, Story
from tests.rig import SECURITY_KEY, SYSTEMS, System
from worker.ledger import requests
from worker.ledger.states import State

LOOKED_AT: Final = timedelta(minutes=11)
REMINDED: Final = timedelta(hours=25)


def activate(scene: Scene) -> None:
    """The person opens the texted link on the phone."""
    scene.sandbox.duo.activate(scene.person.user_name, scene.person.number)


def add_key(scene: Scene) -> None:
    """The person gets in with the worker's code, and adds a key."""
    for code in scene.sandbox.duo.codes(scene.person.user_name):
        if code.digits != scene.agents_code:
            scene.sandbox.duo.use_code(scene.person.user_name, code.digits)
    scene.sandbox.duo.register_key(scene.person.user_name)


AFTERWARDS: Final = (
    Story("an app is activated", "never_activated", then=(activate,), ends="closed"),
    Story("a key is added", "personal_address", SECURITY_KEY, then=(add_key,), makes_a_code=True, ends="closed"),
    Story("a key's code, and nothing happens", "personal_address", SECURITY_KEY, makes_a_code=True),
)
LIVES: Final = (*AFTERWARDS, *DELIVERIES)


def lives(system: System) -> tuple[Story, ...]:
    """Those that there are on one ticket system: an approval proves nothing on another than the first (0027)."""
    return tuple(life for life in LIVES if life.approval != "requested" or system == SYSTEMS[0])


def unfinished(scene: Scene) -> list[Wrong]:
    """Whether, a day after it was delivered, a person's new device was missed, or the person left alone."""
    with scene.stage.ledger.reading() as connection:
        request = requests.by_ticket(connection, scene.stage.system, scene.filed.task.sys_id)
    if request is None or request.state is not State.AWAITING:
        return []
    user: Any = scene.sandbox.duo.user(scene.person.user_name)
    if user["webauthncredentials"] or any(phone["activated"] for phone in user["phones"]):
        return [Wrong("lost", "the new device was never seen")]
    if not request.followed.get("reminded") and not request.followed.get("reissued"):
        return [Wrong("lost", "nobody was reminded")]
    return []


def enrolled(scene: Scene) -> bool:
    """Whether the request was closed because of the person's new device."""
    with scene.stage.ledger.reading() as connection:
        request = requests.by_ticket(connection, scene.stage.system, scene.filed.task.sys_id)
    return request is not None and (request.state, request.how) == (State.CLOSED, "enrolled")

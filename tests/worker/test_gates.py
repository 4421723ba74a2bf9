"""What stands before a call where a system counts kinds of calls apart."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Misconfigured, Unavailable
from connectors.teamdynamix import kinds
from tests.rig import Rig, running
from worker.brakes import pause_system
from worker.gates import Turnstile, obey

SYSTEM = "teamdynamix"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "31/tickets/search", kinds.SEARCH),
        ("POST", "47/tickets/search", kinds.SEARCH),
        ("GET", "31/tickets/12345", kinds.READ),
        ("PATCH", "31/tickets/12345?notifyNewResponsible=false", kinds.PATCH),
        ("GET", "31/tickets/12345/feed", kinds.READ_FEED),
        ("POST", "31/tickets/12345/feed", kinds.POST_FEED),
        ("GET", "people/11111111-2222-3333-4444-555555555555", kinds.PERSON),
        ("GET", "feed/101", "GET feed"),
        ("GET", "attributes/custom?componentId=9&appId=31", "GET attributes/custom"),
    ],
)
def test_calls_of_one_method_to_one_endpoint_are_one_kind(method: str, path: str, kind: str) -> None:
    assert kinds.kind(method, path) == kind


def test_what_one_kind_uses_up_is_there_for_another(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        passing = opened(rig, {"a": 2, "b": 2})
        passing("a")
        with pytest.raises(Unavailable, match="budget"):
            passing("a")
        passing("b")


def test_a_rest_that_was_asked_for_and_a_pause_hold_for_every_kind(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        passing = opened(rig, {"a": 1000, "b": 1000})
        passing("a")
        obey(rig.shop.ledger, Unavailable(SYSTEM, "too many calls", retry_after=MINUTE))
        for kind in ("a", "b"):
            with pytest.raises(Unavailable, match="rest") as raised:
                passing(kind)
            assert raised.value.retry_after is not None
            assert MINUTE - timedelta(seconds=5) < raised.value.retry_after <= MINUTE
        pause_system(rig.shop.ledger, SYSTEM, rig.clock(), "a wrong password", seen={SYSTEM: 0})
        with pytest.raises(Misconfigured, match="a wrong password"):
            passing("b")


def opened(rig: Rig, limits: dict[str, int]) -> kinds.Gates:
    """The gates of a system with these limits a minute."""
    return Turnstile(rig.shop.ledger, SYSTEM, limits.__getitem__, timeout=timedelta(seconds=1), stop=threading.Event())

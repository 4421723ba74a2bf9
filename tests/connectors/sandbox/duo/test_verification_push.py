"""Verification pushes (Admin API facts §12)."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.people import DuoPhone
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import NUMBER, STOCK_CLIENT, person, refusal

pytestmark = STOCK_CLIENT


@pytest.mark.parametrize("result", ["approve", "deny", "fraud"])
def test_a_push_waits_and_then_tells_what_the_user_said(duo: Duo, admin: Any, result: str) -> None:
    user_id = duo.add_person(person("atorres", DuoPhone(NUMBER, "apple ios", activated=True)))
    (phone,) = admin.get_user_phones(user_id)
    sent = admin.send_verification_push(user_id, phone["phone_id"])
    assert sent.keys() == {"push_id", "confirmation_code"}
    waiting = admin.get_verification_push_response(user_id, sent["push_id"])
    assert waiting == {"push_id": sent["push_id"], "result": "waiting"}
    assert duo.answer_push("atorres", result)
    assert admin.get_verification_push_response(user_id, sent["push_id"])["result"] == result
    assert not duo.answer_push("atorres", "deny")


def test_its_answer_is_gone_after_120_seconds(duo: Duo, admin: Any, clock: Clock) -> None:
    user_id = duo.add_person(person("atorres", DuoPhone(NUMBER, "apple ios", activated=True)))
    (phone,) = admin.get_user_phones(user_id)
    push_id = admin.send_verification_push(user_id, phone["phone_id"])["push_id"]
    clock.advance(timedelta(seconds=120))
    assert refusal(lambda: admin.get_verification_push_response(user_id, push_id)) == 40401


def test_it_needs_an_activated_app_of_the_users_own(duo: Duo, admin: Any) -> None:
    one = duo.add_person(person("one", DuoPhone(NUMBER, "apple ios")))
    two = duo.add_person(person("two", DuoPhone("+14805550102", "apple ios", activated=True)))
    (dead,), (working,) = admin.get_user_phones(one), admin.get_user_phones(two)
    assert refusal(lambda: admin.send_verification_push(one, dead["phone_id"])) == 40002
    assert refusal(lambda: admin.send_verification_push(one, working["phone_id"])) == 40002
    push_id = admin.send_verification_push(two, working["phone_id"])["push_id"]
    assert refusal(lambda: admin.get_verification_push_response(one, push_id)) == 40401

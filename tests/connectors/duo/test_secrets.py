"""Nothing that a call of Duo raises shows a code or a link, whatever the answer that holds it looks like."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.duo import codes, phones, users
from connectors.duo.transport import Admin
from connectors.errors import ConnectorError
from connectors.sandbox.messages import Response
from tests.connectors.duo.callers import PHONE_ID, SECRET_KEY, USER_ID, admin
from tests.connectors.scripted import Scripted, everything_shown

HOUR = timedelta(hours=1)
CODE, ENROLLMENT_CODE, ACTIVATION = "012345678", "ba6e8bb687017eff", "7dmi4Oowz5g3J47FARLs"
SECRET_ANSWER = [CODE, ENROLLMENT_CODE, f"https://m-x.duosecurity.com/iphone/{ACTIVATION}"]
NUMBER_IN_WORDS = f"code {CODE} for +14805550123"

CALLS: dict[str, Callable[[Admin], object]] = {
    "create code": lambda admin: codes.create(admin, USER_ID, valid_for=HOUR, uses=2),
    "list codes": lambda admin: codes.listing(admin, USER_ID),
    "enroll": lambda admin: users.enroll(admin, username="mpark", email="mpark@example.edu", valid_for=HOUR),
    "set platform": lambda admin: phones.set_platform(admin, PHONE_ID, "apple ios"),
    "read user": lambda admin: users.read(admin, USER_ID),
}
ANSWERS: dict[str, Response | None] = {
    "not the shape": Response.json(200, {"stat": "OK", "response": {"codes": SECRET_ANSWER}}),
    "another stat": Response.json(200, {"stat": "ok", "response": SECRET_ANSWER}),
    "a bare list": Response.json(200, SECRET_ANSWER),
    "another status": Response.json(201, {"stat": "OK", "response": SECRET_ANSWER}),
    "an error with it": Response.json(500, {"stat": "FAIL", "code": 50001, "message": "m", "response": SECRET_ANSWER}),
    "an error of it": Response.json(400, {"stat": "FAIL", "code": 40002, "message": NUMBER_IN_WORDS}),
    "a detail of it": Response.json(
        400, {"stat": "FAIL", "code": 40002, "message": "m", "message_detail": NUMBER_IN_WORDS}
    ),
    "a page": Response.html(502, json.dumps(SECRET_ANSWER)),
    "a redirect": Response(302, b"", {"Location": SECRET_ANSWER[2]}),
    "none": None,
}


# What Duo answers to enrolling is dropped, whatever shape it has.
FAILURES = [(call, answer) for call in CALLS for answer in ANSWERS if (call, answer) != ("enroll", "not the shape")]


@pytest.mark.parametrize(("call", "answer"), FAILURES)
def test_no_failure_shows_what_was_in_the_answer(scripted: Scripted, call: str, answer: str) -> None:
    scripted.answer(ANSWERS[answer])
    with pytest.raises(ConnectorError) as raised:
        CALLS[call](admin(scripted.port, scripted.ca_file))
    texts = everything_shown(raised.value)
    for secret in (CODE, ENROLLMENT_CODE, ACTIVATION, SECRET_KEY, "4805550123"):
        assert secret not in texts

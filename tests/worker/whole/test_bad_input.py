"""Form answers that can't be used: the request is held with a reason, never half done, and nothing is repeated."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import counted
from tests.rig import Rig

ODD = (
    "480-555-0142",
    "+1480555",
    "call me",
    "^NQactive=true",
    "javascript:gs.getUserID()",
    "{{ 7 * 7 }}",
    "[code]<script>alert(1)</script>[/code]",
    "\u202e+14805550142",
    "+1 480 555 0142 ext 7",
    "9" * 10_000,
    "\r\nBcc: everybody@example.edu",
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_a_number_that_is_none_holds_the_request_and_is_not_repeated(rig: Rig, text: str) -> None:
    counted.tried("bad inputs")
    filed = rig.file("no_phone", number=text)
    rig.once()
    assert (rig.request(filed).state, rig.request(filed).rule_row) == ("held", "unusable-answer")
    written = "".join(rig.notes(filed, "comments") + rig.notes(filed, "work_notes"))
    assert text[:40] not in written
    assert rig.sandbox.duo.texts == ()
    assert rig.sandbox.mail.messages == ()


@given(name=st.text(max_size=80))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_person_is_called_reaches_no_header_and_no_markup(rig: Rig, name: str) -> None:
    counted.tried("bad inputs")
    person = rig.person("never_activated")
    rig.site.set_user(person.user_name, first_name=name)
    filed = rig.file("never_activated")
    rig.once()
    assert rig.request(filed).state in ("awaiting", "new")
    for mail in rig.sandbox.mail.messages:
        assert mail.recipients == (person.email,)
        assert "<script" not in mail.html
        assert set(mail.message.keys()) <= HEADERS
    for note in rig.notes(filed, "comments"):
        assert "[code]" not in note


HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
    "Content-Transfer-Encoding",
}  # fmt: skip

"""What the person reads on the ticket."""

from typing import get_args

import pytest

from tests.worker.texts.written import LINK, NOON, PASSPHRASE, about, in_order, texts
from worker.tickets.ticket import MomentName

WAYS = (
    ("mobile.bypass_code", ""),
    ("mobile.activation_link", ""),
    ("mobile.add_phone", "mobile.activation_link"),
    ("mobile.add_phone", "mobile.bypass_code"),
    ("key.bypass_code", ""),
    ("key.enrollment_link", ""),
)


def test_a_code_is_spent_at_manage_devices_and_the_login_first_path_comes_last() -> None:
    comment = texts().notes("delivered", about()).comment
    assert in_order(
        comment,
        "private (incognito) window",
        "application",
        "Other options",
        "Manage devices",
        "type the code",
        "Add a device",
        "If you don't see Manage devices",
        "My Settings & Devices",
    )


def test_a_code_of_one_use_is_never_typed_at_the_login() -> None:
    comment = texts().notes("delivered", about(code_uses=1)).comment
    assert "it works only once" in comment
    assert "sign in with the code" not in comment
    assert "before you type the code" in comment


def test_the_portal_takes_the_place_of_an_application_where_there_is_one() -> None:
    comment = texts(manage_devices_url="https://devices.example.edu").notes("delivered", about()).comment
    assert in_order(comment, "private", "https://devices.example.edu", "type the code", "Add a device", "If that page")


def test_the_two_clocks_are_told_apart() -> None:
    comment = texts().notes("delivered", about(code_uses=3, push_expires_views=2, push_expires_days=1)).comment
    assert "The code works 3 times within 8 hours, until 24 November 2026, 23:04 UTC." in comment
    assert "Its link opens twice within 1 day." in comment


def test_the_app_is_named_with_its_publisher_and_oldest_systems() -> None:
    comment = texts().notes("delivered", about()).comment
    assert "Duo Mobile by Duo Security LLC (iOS 16.0+, Android 12.0+)" in comment


def test_the_oldest_systems_are_those_of_the_day() -> None:
    comment = texts().notes("delivered", about(now=NOON.replace(year=2025))).comment
    assert "(iOS 15.0+, Android 11.0+)" in comment


def test_an_activation_link_is_one_duo_was_asked_to_text() -> None:
    comment = texts().notes("delivered", about(option="mobile.activation_link")).comment
    assert "Duo was asked to text an activation link to your phone ending in 42." in comment
    assert "The link works for 1 hour, until 24 November 2026, 16:04 UTC." in comment
    assert "code" not in comment


def test_an_enrolment_link_is_one_duo_was_asked_to_mail_and_never_one_that_was_sent() -> None:
    written = texts()
    for text in (
        written.notes("delivered", about(option="key.enrollment_link")).comment,
        written.notes("delivered", about(option="key.enrollment_link")).work_note,
    ):
        assert "Duo was asked to mail an enrolment link to a…@example.edu" in text
        assert " sent" not in text


def test_a_phone_that_was_added_is_named_by_its_last_digits_and_followed_by_what_comes_then() -> None:
    comment = texts().notes("delivered", about(option="mobile.add_phone", then="mobile.activation_link")).comment
    assert in_order(comment, "Your phone ending in 42 was added", "activation link", "tap the activation link")


@pytest.mark.parametrize(("at", "stands"), [("ticket", True), ("field", False), ("none", False)])
def test_the_passphrase_stands_in_the_comment_only_where_it_belongs(at: str, stands: bool) -> None:
    written = texts()
    for moment in get_args(MomentName):
        comment = written.notes(moment, about(passphrase_at=at)).comment
        assert (PASSPHRASE in comment) is (stands and moment in {"delivered", "reminder"})


def test_no_comment_and_no_work_note_has_the_link() -> None:
    written = texts()
    for moment in get_args(MomentName):
        assert LINK not in written.notes(moment, about()).comment + written.notes(moment, about()).work_note


@pytest.mark.parametrize(("option", "then"), WAYS)
def test_what_a_locked_out_person_reads_is_short_and_ends_with_whom_to_call(option: str, then: str) -> None:
    context = about(option=option, then=then, passphrase_at="field")
    comment = texts().notes("delivered", context).comment
    assert len(comment.split()) <= (160 if option != "mobile.add_phone" else 185)
    assert comment.endswith("Help: 480-731-8632 or help.maricopa.edu, ticket SCTASK0010001.")


def test_a_held_request_says_the_same_whatever_it_was_held_for() -> None:
    written = texts()
    plain = written.notes("held", about()).comment
    told = about(reason="the number is somebody else's", row="shared", left_alive=("a code",), do="call", option="")
    assert written.notes("held", told).comment == plain
    assert "code" not in plain
    assert "Duo" not in plain


def test_a_reminder_repeats_the_steps_while_the_code_works() -> None:
    comment = texts().notes("reminder", about()).comment
    assert in_order(comment, "don't see a new device", "The code works twice", "1. ", "Manage devices")


def test_a_reminder_after_the_code_has_lapsed_sends_nobody_to_try_it() -> None:
    comment = texts().notes("reminder", about(now=NOON.replace(day=25))).comment
    assert "lapsed" in comment
    assert "Manage devices" not in comment


def test_given_up_says_what_to_do_now_for_each_way_it_ends() -> None:
    written = texts()
    assert "A person at the help desk will look at it" in written.notes("given_up", about()).comment
    closed = written.notes("given_up", about(give_up_closes=True)).comment
    assert "This request is closed" in closed
    assert "file a new one at help.maricopa.edu or call 480-731-8632" in closed


def test_enrolled_names_the_device_and_whom_to_call_if_it_was_somebody_else() -> None:
    comment = texts().notes("enrolled", about(device="Duo Mobile on your phone ending in 42")).comment
    assert "Duo Mobile on your phone ending in 42 is on your Duo account" in comment
    assert "Not you? Call 480-731-8632 now, say ticket SCTASK0010001." in comment


def test_a_request_closed_for_another_points_to_it() -> None:
    written = texts()
    assert "under ticket SCTASK0009999" in written.notes("closed", about(other_ticket="SCTASK0009999")).comment
    assert written.notes("closed", about()).comment == ""
    pointed = about(other_ticket="SCTASK0009999")
    assert "under ticket SCTASK0009999" in written.notes("enrolled", pointed).comment
    assert "under ticket SCTASK0009999" in written.notes("enrolled", pointed).work_note


@pytest.mark.parametrize("moment", ["taken", "stepped_back"])
def test_some_moments_say_nothing_to_the_person(moment: MomentName) -> None:
    assert texts().notes(moment, about()).comment == ""


def test_a_person_without_a_first_name_is_greeted_without() -> None:
    assert texts().notes("held", about(first_name="")).comment.startswith("Hello,\n")


def test_the_same_context_gives_the_same_text() -> None:
    assert texts().notes("delivered", about()).comment == texts().notes("delivered", about()).comment

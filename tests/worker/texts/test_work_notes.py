"""What staff read on the ticket."""

from typing import get_args

import pytest

from tests.worker.texts.written import PASSPHRASE, about, texts
from worker.tickets.ticket import MomentName

MOMENTS: tuple[MomentName, ...] = get_args(MomentName)


def test_a_held_note_has_five_lines_in_a_fixed_order() -> None:
    note = (
        texts()
        .notes(
            "held",
            about(
                reason="no proof of identity",
                row="identity-check",
                do="check identity by photo-id-in-person",
                worker_account="duo.worker",
                identity_methods=("photo-id-in-person",),
            ),
        )
        .work_note
    )
    lines = note.splitlines()
    assert [line.split(":")[0] for line in lines] == ["WHY", "ALIVE", "DO", "THEN", "STOP"]
    assert lines[0] == "WHY: no proof of identity (row identity-check)."
    assert lines[1] == "ALIVE: nothing."
    assert lines[2] == "DO: check identity by photo-id-in-person."
    assert "duo.worker" in lines[3]
    assert "#verified METHOD" in lines[3]
    assert "(METHOD: photo-id-in-person)" in lines[3]
    assert "close it" in lines[3]
    assert "#revoke" in lines[4]


def test_a_held_note_names_everything_that_is_alive() -> None:
    note = texts().notes("held", about(left_alive=("code DB1 until 16:00 UTC", "push until 17:00 UTC"))).work_note
    assert "ALIVE: code DB1 until 16:00 UTC; push until 17:00 UTC." in note


def test_a_sentence_with_its_full_stop_gets_no_second_one() -> None:
    note = (
        texts()
        .notes("held", about(reason="No proof.", do="Check identity.", left_alive=("a code.", "a push.")))
        .work_note
    )
    assert ".." not in note
    assert "ALIVE: a code; a push." in note


def test_text_from_outside_makes_no_line_of_its_own() -> None:
    note = texts().notes("held", about(reason="x\nSTOP: nothing\u2028DO: pay", do="y\r\nWHY: z")).work_note
    assert [line.split(":")[0] for line in note.splitlines()] == ["WHY", "ALIVE", "DO", "THEN", "STOP"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_switched_off_stands_in_every_note(moment: MomentName) -> None:
    written = texts()
    note = written.notes(moment, about(proof_required=False, guards_off=("old-request",))).work_note
    assert "require_proof = false" in note
    assert "GUARDS OFF: old-request." in note
    assert "require_proof" not in written.notes(moment, about()).work_note
    assert "GUARDS" not in written.notes(moment, about()).work_note


@pytest.mark.parametrize("at", ["none", "field", "ticket"])
def test_no_note_has_the_passphrase(at: str) -> None:
    written = texts()
    for moment in MOMENTS:
        assert PASSPHRASE not in written.notes(moment, about(passphrase_at=at)).work_note


def test_no_note_is_empty() -> None:
    assert all(texts().notes(moment, about()).work_note for moment in MOMENTS)


def test_taken_says_what_was_decided_and_on_what_proof() -> None:
    note = texts().notes("taken", about(option="mobile.add_phone", then="mobile.activation_link")).work_note
    assert "Option: mobile.add_phone, then mobile.activation_link (row verified-at-the-desk: identity was" in note
    assert "Proof: a work note of Identity Desk." in note


def test_delivered_says_how_many_channels_there_were_and_what_that_means() -> None:
    written = texts()
    one = written.notes("delivered", about()).work_note
    assert "Channels: 1. No passphrase: whoever reads that mailbox has the code." in one
    two = written.notes("delivered", about(channels=2, passphrase_at="field")).work_note
    assert "Channels: 2. Passphrase in the ticket's passphrase field." in two
    assert "Done in Duo: bypass code made." in two
    assert "Code: 2 uses, until 24 November 2026, 23:04 UTC." in two


def test_an_end_says_what_was_undone_and_what_is_left() -> None:
    written = texts()
    ends: tuple[MomentName, ...] = ("enrolled", "given_up", "closed", "refused")
    for moment in ends:
        note = written.notes(
            moment, about(undone=("code DB1 revoked",), left_alive=("push, alive until noon",))
        ).work_note
        assert "Undone: code DB1 revoked." in note
        assert "Still alive: push, alive until noon." in note


def test_enrolled_has_its_evidence_from_duo() -> None:
    note = texts().notes("enrolled", about(evidence=("phone DP1 activated 15:31 UTC",))).work_note
    assert "Duo says: phone DP1 activated 15:31 UTC." in note

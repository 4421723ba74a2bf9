"""The key file: without it, or with another ledger's, nothing is done; a new key on top changes nothing for anybody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from connectors.sandbox.faults.rule import Rule
from tests.rig import SECURITY_KEY, Filed, Rig, running
from tests.worker.cli.installed import OTHER_KEY, installed
from worker import wiring
from worker.ledger.migrate import migrate

COMMANDS = (
    ("once",),
    ("run",),
    ("check",),
    ("retry", "SCTASK0010001"),
    ("revoke", "--all", "--since", "2026-01-31T08:00:00Z"),
)
KIND = "personal_address"


@pytest.mark.parametrize("code", [2, 3], ids=["missing", "another's"])
def test_without_the_ledgers_key_nothing_is_done(tmp_path: Path, code: int) -> None:
    with installed(tmp_path) as installation:
        filed = installation.file("never_activated")
        key = installation.secret("ledger.key")
        kept = key.read_text(encoding="utf-8")
        if code == 2:
            key.unlink()
        else:
            key.write_text(f"{OTHER_KEY}\n", encoding="utf-8")
        for words in COMMANDS:
            ended = installation.run(*words)
            assert (ended.code, "key_file" in ended.said) == (code, True), ended.err
        assert list(installation.sandbox.calls) == []
        key.write_text(kept, encoding="utf-8")
        assert installation.run("once").code == 0
        assert installation.state(filed) == "awaiting"


def test_a_rotation_between_code_and_mail_leaves_one_code_one_push_and_the_same_passphrase(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        rig.prove_fingerprint()
        rig.sandbox.faults.set(Rule("password_pusher", "reset after", method="POST"))
        filed = rig.file(KIND, device=SECURITY_KEY)
        rig.once()
        assert rig.request(filed).state == "acting"
        rotate(rig, retire=False)
        settle(rig)
        assert rig.request(filed).state == "awaiting"
        (push,) = alive(rig)
        assert push.passphrase == field(rig, filed) != ""
        assert len(rig.sandbox.duo.codes(rig.person(KIND).user_name)) == 1
        rig.sandbox.servicenow.work_note(filed.task.number, "desk.dana", "#revoke")
        settle(rig)
        assert (rig.request(filed).state, alive(rig), field(rig, filed)) == ("held", [], "")
        assert rig.sandbox.duo.all_codes() == ()


def test_an_old_key_can_be_taken_out_once_nothing_was_begun_with_it(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        rotate(rig, retire=False)
        settings = rig.settings
        migrate(settings.worker.state, wiring.keys(settings), rig.clock())
        rotate(rig, retire=True)
        filed = rig.file(KIND, device=SECURITY_KEY)
        rig.once()
        assert rig.request(filed).state == "awaiting"


def test_an_old_key_taken_out_too_early_leaves_its_requests_to_a_person_until_it_is_back(tmp_path: Path) -> None:
    with running(tmp_path) as rig:
        filed = rig.file(KIND, device=SECURITY_KEY)
        rig.once()
        old = rig.settings.worker.key_file.read_text(encoding="utf-8")
        rotate(rig, retire=False)
        migrate(rig.settings.worker.state, wiring.keys(rig.settings), rig.clock())
        rotate(rig, retire=True)
        rig.sandbox.servicenow.work_note(filed.task.number, "desk.dana", "#revoke")
        settle(rig)
        assert len(alive(rig)) == 1
        new = rig.settings.worker.key_file.read_text(encoding="utf-8")
        rekey(rig, f"{new}{old}")
        settle(rig)
        assert (rig.request(filed).state, alive(rig)) == ("unsure", [])


def rotate(rig: Rig, *, retire: bool) -> None:
    """A new key on top, or only the top one left; then a restart."""
    lines = rig.settings.worker.key_file.read_text(encoding="utf-8").split()
    kept = lines[:1] if retire else [Fernet.generate_key().decode(), *lines]
    rekey(rig, "".join(f"{line}\n" for line in kept))


def rekey(rig: Rig, text: str) -> None:
    rig.settings.worker.key_file.write_text(text, encoding="utf-8")
    rig.shop.ledger.engine.dispose()
    rig.shop = wiring.shop(rig.settings, wiring.ledger(rig.settings), clock=rig.clock)


def settle(rig: Rig) -> None:
    for _ in range(3):
        rig.clock.pass_(timedelta(minutes=4))
        rig.sandbox.duo.limits.clear()
        rig.once()


def alive(rig: Rig) -> list[Any]:
    return [push for push in rig.sandbox.password_pusher.pushes if not push.expired]


def field(rig: Rig, filed: Filed) -> str:
    return str(rig.sandbox.servicenow.row(filed.task.number)["u_passphrase"])

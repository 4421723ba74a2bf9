"""After a life with everything in it, no secret stands anywhere but where it belongs."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import structlog

from connectors.errors import Refused
from tests import counted
from tests.secrets import sinks
from tests.secrets.life import Life, lived
from tests.secrets.sinks import Leak, Sunk, leaks
from tests.worker.cli.installed import run
from worker.ledger import events

SECRETS: Final = ("code", "passphrase", "link", "access token", "activation link", "enrolment code", "a wrong secret")
SECRET_FILES: Final = ("duo", "servicenow-client", "servicenow-password", "password-pusher", "mail", "ledger.key")
COMMANDS: Final = (("list",), ("status",), ("check",), ("report",))


@dataclass(frozen=True)
class Lived:
    """A life, and what was left in the folder for temporary files."""

    life: Life
    temporary: Path


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr("tempfile.tempdir", None)
        with lived(tmp_path_factory.mktemp("life")) as life:
            yield Lived(life, temporary)


def told(found: list[Leak]) -> str:
    """What leaked, a line each, and counted; empty: nothing."""
    for _ in found:
        counted.found("leaked")
    return "\n".join(f"{leak.what} in {leak.place}: {leak.around}" for leak in found)


def test_the_life_had_everything_in_it(after: Lived) -> None:
    life, planted = after.life, after.life.planted
    assert all(planted.values[what] for what in SECRETS)
    assert all(planted.values[f"the file {name}"] for name in SECRET_FILES)
    states = Counter(str(life.rig.request(filed).state) for filed in life.filed)
    assert states.keys() >= {"awaiting", "held", "unsure", "closed"}
    assert {type(error).__name__ for error in life.raised} == {"Unavailable", "Refused", "Uncertain", "Misconfigured"}
    assert {error.system for error in life.raised} == {"servicenow", "duo", "password_pusher", "mail"}
    assert '"event": "bug"' in life.log.getvalue()


def test_no_log_holds_a_secret_at_its_most_talkative(after: Lived) -> None:
    assert not told(leaks(iter([Sunk("log", after.life.log.getvalue())]), after.life.planted))


def test_no_ticket_holds_a_secret_but_the_passphrase_in_its_field_while_it_is_wanted(after: Lived) -> None:
    assert not told(leaks(sinks.tickets(after.life.rig.sandbox), after.life.planted))


def test_a_mail_holds_the_link_and_no_other_secret(after: Lived) -> None:
    found = leaks(sinks.mails(after.life.rig.sandbox), after.life.planted)
    assert any(leak.what == "link" for leak in found), "that is what it is for"
    assert not told([leak for leak in found if leak.what != "link"])


def test_no_byte_of_the_ledger_is_a_secrets(after: Lived) -> None:
    var = after.life.folder / "var"
    assert {file.name for file in var.iterdir()} >= {"duo-worker.db", "duo-worker.db-wal", "duo-worker.db-shm"}
    assert not told(leaks(sinks.files(var), after.life.planted))


def test_no_error_of_a_connector_shows_a_secret_however_it_is_looked_at(after: Lived) -> None:
    assert not told(leaks(sinks.errors(after.life.raised), after.life.planted))


def test_no_temporary_file_is_left_with_a_secret(after: Lived) -> None:
    assert not told(leaks(sinks.files(after.temporary), after.life.planted))


def test_no_command_shows_a_secret(after: Lived) -> None:
    life = after.life
    config = life.folder / "config.toml"
    chosen = {str(life.rig.request(filed).state): filed.task.number for filed in life.filed}
    about_one = [("show", number) for number in chosen.values()] + [("explain", chosen["held"])]
    shown: list[Sunk] = []
    for words in (*COMMANDS, *about_one):
        for more in ((), ("--json",)):
            ended = run(config, "--debug", *words, *more)
            assert ended.out, f"{words} says nothing"
            shown.append(Sunk(" ".join((*words, *more)), ended.out + ended.err))
    assert not told(leaks(iter(shown), life.planted))


Plant = Callable[[Life, str], Iterator[Sunk]]


def in_the_log(life: Life, secret: str) -> Iterator[Sunk]:
    with sinks.logging_to(life.log):
        structlog.get_logger().debug("made", code=secret)
    yield Sunk("log", life.log.getvalue())


def in_a_librarys_log(life: Life, secret: str) -> Iterator[Sunk]:
    with sinks.logging_to(life.log):
        logging.getLogger("some.library").debug("GET /p/%s", secret)
    yield Sunk("log", life.log.getvalue())


def in_a_work_note(life: Life, secret: str) -> Iterator[Sunk]:
    life.rig.sandbox.servicenow.work_note(life.filed[0].task.number, "duo.worker", f"The code is {secret}.")
    yield from sinks.tickets(life.rig.sandbox)


def in_the_field_of_a_held_ticket(life: Life, secret: str) -> Iterator[Sunk]:
    held = next(filed for filed in life.filed if life.rig.request(filed).state == "held")
    life.rig.sandbox.servicenow.set_fields(held.task.number, "admin", u_passphrase=secret)
    yield from sinks.tickets(life.rig.sandbox)


def in_the_ledger(life: Life, secret: str) -> Iterator[Sunk]:
    with life.rig.shop.ledger.writing() as connection:
        events.note(connection, None, "made", life.rig.clock(), code=secret)
    yield from sinks.files(life.folder / "var")


def in_what_an_error_was_raised_from(_life: Life, secret: str) -> Iterator[Sunk]:
    try:
        try:
            int(f"x{secret}")
        except ValueError as error:
            raise Refused("duo", "x", "that isn't one") from error
    except Refused as raised:
        yield from sinks.errors([raised])


def in_a_temporary_file(life: Life, secret: str) -> Iterator[Sunk]:
    folder = life.folder / "elsewhere"
    folder.mkdir(exist_ok=True)
    (folder / "left").write_bytes(b"\x00\xff" + secret.encode())
    yield from sinks.files(folder)


PLANTS: Final[tuple[Plant, ...]] = (
    in_the_log,
    in_a_librarys_log,
    in_a_work_note,
    in_the_field_of_a_held_ticket,
    in_the_ledger,
    in_what_an_error_was_raised_from,
    in_a_temporary_file,
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_leak_made_on_purpose_is_found(after: Lived, plant: Plant) -> None:
    """The last of this file: what it plants stays where it is."""
    planted = "planted-on-purpose-Zq81"
    after.life.planted.add("planted", planted)
    assert [leak.what for leak in leaks(plant(after.life, planted), after.life.planted)].count("planted") >= 1

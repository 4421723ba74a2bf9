"""Leaks made on purpose, one a sink: what the scans must find."""

import logging
from collections.abc import Callable, Iterator
from typing import Final

import structlog

from connectors.errors import Refused
from tests.secrets import sinks
from tests.secrets.life import Life
from tests.secrets.sinks import Sunk
from worker.ledger import events

Plant = Callable[[Life, str], Iterator[Sunk]]


def in_the_log(life: Life, secret: str) -> Iterator[Sunk]:
    with sinks.logging_to(life.log):
        structlog.get_logger().debug("made", code=secret)
    yield Sunk("log", life.log.getvalue())


def in_a_librarys_log(life: Life, secret: str) -> Iterator[Sunk]:
    with sinks.logging_to(life.log):
        logging.getLogger("a_library").debug("asked for %s", secret)
    yield Sunk("log", life.log.getvalue())


def in_a_work_note(life: Life, secret: str) -> Iterator[Sunk]:
    life.rig.site.work_note(life.filed[0].task.number, "duo.worker", f"The code is {secret}.")
    yield from sinks.tickets(life.rig.sandbox)


def in_a_field_of_a_held_ticket(life: Life, secret: str) -> Iterator[Sunk]:
    held = next(filed for filed in life.filed if life.rig.request(filed).state == "held")
    if life.rig.system == "servicenow":
        life.rig.sandbox.servicenow.set_fields(held.task.number, "admin", u_passphrase=secret)
    else:
        life.rig.site.edit_answer(held.task.number, "mobile_number", secret)
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
    in_a_field_of_a_held_ticket,
    in_the_ledger,
    in_what_an_error_was_raised_from,
    in_a_temporary_file,
)

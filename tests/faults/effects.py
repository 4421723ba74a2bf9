"""What is there outside because of one request, and what of it must never be, whatever went wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from connectors.sandbox.letters import Mail
from connectors.sandbox.population import HOLD_GROUP
from connectors.sandbox.servicenow import Entry
from connectors.sandbox.teamdynamix import Note
from tests import counted
from tests.faults.stories import Scene
from worker.ledger import requests, steps
from worker.ledger.rows import Request
from worker.ledger.states import State

WORKER: Final = "duo.worker"
MARKER: Final = re.compile(r"\[duo-worker [0-9a-f]+\]\s*\Z")
OPEN, PENDING = "open", "pending"
NOTICES: Final = "duo-notices@example.edu"


class Wrong(NamedTuple):
    """One thing that must not be."""

    how: counted.Found
    what: str


@dataclass(frozen=True)
class Effects:
    """What one request brought about, as far as it is the same however often its calls failed on the way."""

    state: str
    row: str
    option: str  # and what comes with it
    codes: int
    pushes: int
    texts: int
    enrollment_mails: int
    mails: tuple[str, ...]  # to whom, about what; a message counts once however often it came
    comments: int
    work_notes: int
    phones: tuple[tuple[str, bool], ...]
    ticket: tuple[str, str, str]
    passphrase_in_field: bool


def effects(scene: Scene) -> Effects:
    """As it stands now."""
    found = Outside(scene)
    ticket = scene.site.ticket(scene.filed.task.number)
    messages = {mail.message_id: mail for mail in found.mails}
    request = found.request
    return Effects(
        state=str(request.state) if request else "",
        row=request.rule_row if request else "",
        option=f"{request.outcome} {request.then_option}".strip() if request else "",
        codes=len(found.codes),
        pushes=len(found.pushes),
        texts=found.texts,
        enrollment_mails=found.enrollment_mails,
        mails=tuple(sorted(f"{_place(scene, mail)}: {mail.subject.split(',')[0]}" for mail in messages.values())),
        comments=len(found.written("comments")),
        work_notes=len(found.written("work_notes")),
        phones=tuple(sorted((phone["platform"], phone["activated"]) for phone in found.phones)),
        ticket=(ticket["state"], ticket["assigned_to"], ticket["assignment_group"]),
        passphrase_in_field=bool(found.row.passphrase),
    )


def _place(scene: Scene, mail: Mail) -> str:
    """Which of the person's addresses a mail went to."""
    person = scene.person
    return {person.email: "own", person.personal_email: "second"}.get(mail.recipients[0], mail.recipients[0])


class Outside:
    """All that the stand-ins have of one scene's person and ticket."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        sandbox, person = scene.sandbox, scene.person
        self.request = _request(scene)
        self.user: dict[str, Any] = dict(sandbox.duo.user(person.user_name) or {})
        self.phones: list[dict[str, Any]] = list(self.user.get("phones", ()))
        codes = sandbox.duo.codes(person.user_name) if self.user else ()
        self.codes = [code for code in codes if code.digits != scene.agents_code]
        self.agents_codes = [code for code in codes if code.digits == scene.agents_code]
        mine = scene.filed.task.number
        self.pushes = [push for push in sandbox.password_pusher.pushes if push.name == mine and not push.expired]
        numbers = {person.number, *(phone["number"] for phone in self.phones)}
        self.texts = len([text for text in sandbox.duo.texts if text.number in numbers and text.kind == "activation"])
        self.enrollment_mails = len([mail for mail in sandbox.duo.enrollment_mails if mail.to == person.email])
        self.mails: list[Mail] = [mail for mail in sandbox.mail.messages if mail.subject.endswith(f" {mine}")]
        self.journal: list[Entry] | list[Note] = scene.site.journal(mine)
        self.row = scene.row()

    def may_be_alive(self) -> bool:
        """Whether a code may: while the request is under way, or where the note says that one may come yet."""
        if self.request is None:
            return False
        said = "".join(line for note in self.written("work_notes") for line in note.splitlines() if "ALIVE" in line)
        unsure = self.request.state is State.UNSURE and "may yet carry out" in said
        return unsure or self.request.state in (State.AWAITING, State.ACTING)

    def broken_off(self) -> int:
        """How many tellings had begun and were dropped: on TeamDynamix the comment of each may stand without its note.

        Such a request was put aside after too many deaths, or people ended it before the telling was taken up again.
        """
        if self.request is None or self.scene.stage.system == "servicenow":  # which takes both in one write
            return 0
        journal = steps.of(self.scene.stage.ledger, self.request.id)
        return sum(row.name.startswith("tell_") and row.state == "dropped" and row.attempts > 0 for row in journal)

    def written(self, kind: str) -> list[str]:
        """What the worker wrote: "comments" or "work_notes"."""
        return [entry.text for entry in self.journal if entry.kind == kind and entry.author == WORKER]


def wrongs(scene: Scene) -> list[Wrong]:
    """Everything that must not be, as far as one request is concerned."""
    found = Outside(scene)
    return [*_lost(found), *(Wrong("doubled", what) for check in DOUBLED for what in check(found))]


def _lost(found: Outside) -> Iterator[Wrong]:
    request, ticket = found.request, found.row
    if request is None:
        if ticket.state != "closed":
            yield Wrong("lost", "the ledger doesn't know the request")
        return
    if request.state in (State.NEW, State.ACTING):
        yield Wrong("lost", f"it is still {request.state}, and waits for {request.waits_for!r}")
    if request.state in (State.HELD, State.UNSURE) and not request.handed_over:
        group = found.scene.site.ticket(found.scene.filed.task.number)["assignment_group"]
        notes = found.written("work_notes")
        if (ticket.state, ticket.assigned_to, group) != (OPEN, "", HOLD_GROUP):
            yield Wrong("lost", f"it is {request.state}, but its ticket isn't in the hold queue")
        if not any(note.startswith("WHY: ") and f"(row {request.rule_row})" in note for note in notes):
            yield Wrong("lost", f"it is {request.state}, and no note says why ({request.rule_row})")
    if request.state is State.AWAITING and ticket.state != PENDING:
        yield Wrong("lost", f"it was delivered, and its ticket is in state {ticket.state}")


def _alive(found: Outside) -> Iterator[str]:
    may_be = 1 if found.may_be_alive() else 0
    if len(found.codes) > may_be:
        yield f"{len(found.codes)} codes are alive"
    if len(found.pushes) > may_be:
        yield f"{len(found.pushes)} pushes are alive"
    if bool(found.row.passphrase) > may_be:
        yield "the passphrase stands in its field"


def _once(found: Outside) -> Iterator[str]:
    again = int(found.request.followed.get("reissued", 0)) if found.request else 0  # by the ladder, on purpose
    if found.texts > 1 + again:
        yield f"{found.texts} activation texts"
    if found.enrollment_mails > 1 + again:
        yield f"{found.enrollment_mails} enrolment mails"
    yield from _repeated("a marker", (_marker(note) for note in found.written("work_notes")))
    if len(found.written("comments")) > len(found.written("work_notes")) + found.broken_off():
        yield "more comments than work notes"
    yield from _repeated("a phone", (phone["number"] for phone in found.phones))


def _mailed(found: Outside) -> Iterator[str]:
    by_id: dict[str, set[str]] = {}
    for mail in found.mails:
        by_id.setdefault(mail.message_id, set()).add(f"{mail.recipients} {mail.subject}\n{mail.plain}\n{mail.html}")
    yield from (f"one Message-ID with {len(texts)} texts" for texts in by_id.values() if len(texts) > 1)
    allowed = {found.scene.person.email, found.scene.person.personal_email, NOTICES}
    if strangers := {to for mail in found.mails for to in mail.recipients} - allowed:
        yield f"mail to {strangers}"


def _others(found: Outside) -> Iterator[str]:
    """Nobody else's, and nothing of the help desk's, was touched."""
    if found.scene.agents_code and not found.agents_codes:
        yield "the help desk's own code is gone"
    if found.scene.bystander_changed():
        yield "somebody else's Duo record changed"


def strays(scenes: Sequence[Scene]) -> Iterator[Wrong]:
    """Calls about nobody of these scenes."""
    began = min(scene.began for scene in scenes)
    tickets = {scene.filed.task.sys_id.rpartition("/")[2] for scene in scenes}
    ids = {each for scene in scenes for each in scene.duo_ids()}
    names = {scene.person.user_name for scene in scenes}
    for call in (call for call in scenes[0].sandbox.calls if call.at >= began):
        writes = call.method == "PATCH" or (call.method == "POST" and call.path.endswith("/feed"))
        if writes and not tickets & set(call.path.split("/")):
            yield Wrong("doubled", f"a write to another ticket: {call.path}")
        if call.system == "duo" and (others := set(_DUO_ID.findall(call.path)) - ids):
            yield Wrong("doubled", f"{call.method} {call.path} is about {others}")
        if call.system == "duo" and (others := {value for name, value in call.query if name == "username"} - names):
            yield Wrong("doubled", f"{call.method} {call.path} is about {others}")


_DUO_ID: Final = re.compile(r"/(D[UP][A-Z0-9]{18})\b")
DOUBLED: Final = (_alive, _once, _mailed, _others)


def _marker(note: str) -> str:
    end = MARKER.search(note)
    return end.group().strip() if end else f"none: {note[:40]}"


def _repeated(what: str, values: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {count} times: {value[:60]!r}" for value, count in Counter(values).items() if count > 1)


def _request(scene: Scene) -> Request | None:
    with scene.stage.ledger.reading() as connection:
        return requests.by_ticket(connection, scene.stage.system, scene.filed.task.sys_id)

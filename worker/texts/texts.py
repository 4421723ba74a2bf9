"""What people read: comments, work notes and mails. Same context, same text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from jinja2 import TemplateError

from worker.settings.support import Support
from worker.texts.context import TextContext
from worker.texts.errors import TextError
from worker.texts.floor import Floors
from worker.texts.samples import samples
from worker.texts.templates import check, environment, names
from worker.texts.variables import KNOWN, variables
from worker.tickets.ticket import MomentName

MailKind = Literal["link", "notice"]
# Texts that others are made of, put together as plain text and escaped as a whole where they go into HTML.
PARTS = frozenset({"clocks", "given", "greeting", "help", "notice", "otherwise"})
OPTIONS_WITH_STEPS = frozenset(
    {"mobile.bypass_code", "mobile.activation_link", "key.bypass_code", "key.enrollment_link"}
)
# What a template of somebody else's can raise when it is rendered.
RENDERING = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class MailText:
    """A mail; plain and HTML say the same, and each says all of it."""

    subject: str
    plain: str
    html: str


@dataclass(frozen=True)
class Notes:
    """`comment` is for the person, and empty where nothing is said to them; `work_note` for staff, without a secret."""

    comment: str = field(repr=False)  # may hold the passphrase
    work_note: str


class Texts:
    """The texts of one installation. Safe to share between threads.

    `found` are the templates by name; all are checked and rendered once here.

    Raises:
        TextError: A template doesn't parse, or names something that it doesn't get.
    """

    def __init__(self, found: Mapping[str, str], support: Support, floors: Floors) -> None:
        self._support, self._floors = support, floors
        self._plain, self._html = environment(found, html=False), environment(found, html=True)
        for name, text in found.items():
            check(name, text, _known(name), self._plain)
        self._names = {name: names(name, found, self._plain) for name in found}
        self.proof_read()

    def notes(self, moment: MomentName, context: TextContext) -> Notes:
        """What is written on the ticket at this moment."""
        values = self._values(context)
        passphrase = context.passphrase.reveal() if context.passphrase_at == "ticket" else ""
        return Notes(
            comment=self._text(f"comment.{moment}.j2", values | {"passphrase": passphrase}),
            work_note=self._text(f"work_note.{moment}.j2", values),
        )

    def mail(self, kind: MailKind, context: TextContext) -> MailText:
        """A mail to the person. The link is in the link mail alone, the passphrase in none."""
        values = self._values(context, **({"link": context.link.reveal()} if kind == "link" else {}))
        return MailText(
            subject=" ".join(self._text(f"mail.{kind}.subject.j2", values).split()),
            plain=self._text(f"mail.{kind}.txt.j2", values),
            html=self._text(f"mail.{kind}.html.j2", values),
        )

    def proof_read(self) -> tuple[tuple[str, str], ...]:
        """Every text for every sample, as (what it is, the text), for somebody to read.

        Raises:
            TextError: One can't be rendered.
        """
        return tuple(
            (f"{name}: {what}", text) for name, context in samples() for what, text in self._every(context) if text
        )

    def _every(self, context: TextContext) -> list[tuple[str, str]]:
        mails: dict[str, MailText] = {kind: self.mail(kind, context) for kind in get_args(MailKind)}
        notes: dict[str, Notes] = {moment: self.notes(moment, context) for moment in get_args(MomentName)}
        return [
            *((f"comment {moment}", said.comment) for moment, said in notes.items()),
            *((f"work note {moment}", said.work_note) for moment, said in notes.items()),
            *((f"mail {kind} {part}", getattr(mail, part)) for kind, mail in mails.items() for part in vars(mail)),
        ]

    def _values(self, context: TextContext, **more: str) -> dict[str, Any]:
        return variables(context, self._support, self._floors) | {"passphrase": ""} | more

    def _text(self, name: str, values: dict[str, Any]) -> str:
        parts: dict[str, Any] = {part: self._part(part, values) for part in PARTS & self._names[name]}
        if "steps" in self._names[name]:
            parts["steps"] = self._steps(values, values["way"])
        return _tidy(self._render(name, values | parts))

    def _part(self, part: str, values: dict[str, Any]) -> str:
        return _tidy(self._render(f"{part}.j2", values))

    def _steps(self, values: dict[str, Any], option: str) -> tuple[str, ...]:
        """The person's steps, one a line of their template: one order for comment, plain mail and HTML."""
        text = self._render(f"steps.{option}.j2", values) if option in OPTIONS_WITH_STEPS else ""
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def _render(self, name: str, values: dict[str, Any]) -> str:
        env = self._html if name.endswith(".html.j2") else self._plain
        try:
            return env.get_template(name).render(values)
        except RENDERING as error:
            raise TextError(f"{name} can't be rendered: {error}.") from error


def _known(name: str) -> frozenset[str]:
    """The variables a template may name: the link only the link mail's, the passphrase only the part of a comment."""
    if name.startswith(("comment.", "mail.")):
        link = {"link"} if name in {"mail.link.txt.j2", "mail.link.html.j2"} else set()
        return KNOWN | PARTS | {"steps"} | link
    return KNOWN | {"passphrase"} if name == "given.j2" else KNOWN


def _tidy(text: str) -> str:
    """Without spaces at line ends, and with one empty line where there are more."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()

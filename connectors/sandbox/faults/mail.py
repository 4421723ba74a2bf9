"""The ways in which handing over a mail goes wrong, by name, at each stage of the conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from connectors.sandbox.faults.http import AWAY
from connectors.sandbox.smtp import Spoilt


@dataclass(frozen=True)
class MailKind:
    """One way to fail. `spoilt` None: nothing is; `silent`: the reply keeps us waiting for longer than anybody waits.

    `closes`: the port is closed for so long from this conversation's start on.
    """

    spoilt: Spoilt | None
    silent: bool = False
    closes: timedelta = timedelta()

    @property
    def commits(self) -> bool:
        """Whether the message is kept all the same."""
        return self.spoilt is None or self.spoilt.kept


KINDS: Final[Mapping[str, MailKind]] = MappingProxyType(
    {
        "meanwhile": MailKind(None),  # nothing goes wrong; for what people do just before the conversation
        "refused": MailKind(None, closes=AWAY),  # well served; the next connections are refused
        "421 at hello": MailKind(Spoilt("EHLO", "421 4.3.2 come back later")),
        "554 at hello": MailKind(Spoilt("EHLO", "554 5.7.1 not you")),
        "451 at sender": MailKind(Spoilt("MAIL", "451 4.3.0 try again later")),
        "553 at sender": MailKind(Spoilt("MAIL", "553 5.1.8 sender not known")),
        "450 at address": MailKind(Spoilt("RCPT", "450 4.2.1 mailbox busy")),
        "550 at address": MailKind(Spoilt("RCPT", "550 5.1.1 no such user")),
        "452 at data": MailKind(Spoilt("DATA", "452 4.3.1 no room")),
        "554 at data": MailKind(Spoilt("DATA", "554 5.5.1 no valid recipients")),
        "451 at the end": MailKind(Spoilt("MESSAGE", "451 4.3.0 try again later")),
        "554 at the end": MailKind(Spoilt("MESSAGE", "554 5.6.0 not wanted")),
        "hung up at sender": MailKind(Spoilt("MAIL")),
        "hung up before": MailKind(Spoilt("MESSAGE")),
        "hung up after": MailKind(Spoilt("MESSAGE", kept=True)),
        "silent before": MailKind(Spoilt("MESSAGE"), silent=True),
        "silent after": MailKind(Spoilt("MESSAGE", kept=True), silent=True),
    }
)

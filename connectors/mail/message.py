"""One message, from its parts to the bytes that go to a relay."""

import re
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import Any, Final

from connectors.errors import Refused

SYSTEM: Final = "mail"
ATOMS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
DOMAIN: Final = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
ADDRESS: Final = re.compile(f"(?=.{{3,254}}$){ATOMS}@{DOMAIN}")
MESSAGE_ID: Final = re.compile(f"(?=.{{5,250}}$)<{ATOMS}@{DOMAIN}>")
LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One message to one address. `message_id` is the same however often the message is sent."""

    to: str
    subject: str
    plain: str = field(repr=False)  # this and the next hold the link
    html: str = field(repr=False)
    message_id: str


def wire(mail: Mail, sender: Address, date: str) -> bytes:
    """The message as it goes over the wire, in ASCII, its end marked. `Refused` where a part can't be carried."""
    if not ADDRESS.fullmatch(mail.to):
        raise Refused(SYSTEM, "address", "an address that can't be one")
    if not mail.subject.isprintable() or len(mail.subject) > 200 or not MESSAGE_ID.fullmatch(mail.message_id):
        raise Refused(SYSTEM, "header", "a subject or Message-ID that a header can't carry")
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = _Subject(mail.subject)
    message["Date"] = date
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    try:
        message.set_content(mail.plain, cte="quoted-printable")
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    except UnicodeEncodeError:
        raise Refused(SYSTEM, "text", "a text with half a character in it") from None
    return LEADING_DOT.sub(b"..", message.as_bytes()) + b".\r\n"


class _Subject(str):
    """A subject that folds itself: the library's own folding loses spaces between encoded words (3.11)."""

    __slots__ = ()
    name = "Subject"

    def fold(self, *, policy: "Policy[Any]") -> str:
        header = Header(self, "us-ascii" if self.isascii() else "utf-8", header_name=self.name)
        return f"{self.name}: {header.encode(linesep=policy.linesep)}{policy.linesep}"

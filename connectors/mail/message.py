"""One message, from its parts to the bytes that go to a relay."""

import re
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.header import Header
from email.headerregistry import Address
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formataddr
from typing import Final

from connectors.errors import Refused

SYSTEM: Final = "mail"
ATOMS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
DOMAIN: Final = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
ADDRESS: Final = re.compile(f"(?=.{{3,254}}$){ATOMS}@{DOMAIN}")
MESSAGE_ID: Final = re.compile(f"(?=.{{5,250}}$)<{ATOMS}@{DOMAIN}>")
# Plain strings for headers, all of them checked or encoded here: parsing each would cost more than all the rest.
POLICY: Final = compat32.clone(linesep="\r\n", max_line_length=998)
BOUNDARY: Final = "=_parts"  # stands in no quoted-printable text
QUOTED: Final = Charset("utf-8")
QUOTED.body_encoding = QP
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
    try:
        parts = [_text(mail.plain, "plain"), _text(mail.html, "html")]
    except UnicodeEncodeError:
        raise Refused(SYSTEM, "text", "a text with half a character in it") from None
    message = MIMEMultipart("alternative", BOUNDARY, parts, policy=POLICY)
    message["From"] = _from(sender)
    message["To"] = mail.to
    message["Subject"] = _folded("Subject", mail.subject)
    message["Date"] = date
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    return LEADING_DOT.sub(b"..", message.as_bytes()) + b".\r\n"


def _from(sender: Address) -> str:
    if sender.display_name.isascii():
        return formataddr((sender.display_name, sender.addr_spec))
    return f"{_folded('From', sender.display_name)} <{sender.addr_spec}>"


def _folded(name: str, text: str) -> str:
    """`text` as a header's value in short lines: the policy folds none, as a Message-ID must stay whole."""
    plain = text.isascii() and text == text.strip()  # spaces at an end would be lost
    return Header(text, "us-ascii" if plain else "utf-8", header_name=name).encode()


def _text(text: str, kind: str) -> MIMEText:
    part = MIMEText("", kind, policy=POLICY)
    del part["Content-Transfer-Encoding"]
    part.set_payload(text if text.endswith("\n") else f"{text}\n", QUOTED)
    return part

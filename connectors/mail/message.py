"""One message, from its parts to the bytes that go to a relay."""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.headerregistry import Address
from email.utils import formataddr
from typing import Final

from connectors.errors import Refused

SYSTEM: Final = "mail"
ATOMS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
DOMAIN: Final = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
ADDRESS: Final = re.compile(f"(?=.{{3,254}}$){ATOMS}@{DOMAIN}")
MESSAGE_ID: Final = re.compile(f"(?=.{{5,250}}$)<{ATOMS}@{DOMAIN}>")
BOUNDARY: Final = "=_parts"  # stands in no quoted-printable text
END: Final = "\r\n"
LEADING_DOT: Final = re.compile(r"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One message to one address. `message_id` is the same however often the message is sent."""

    to: str
    subject: str
    plain: str = field(repr=False)  # this and the next hold the link
    html: str = field(repr=False)
    message_id: str


def wire(mail: Mail, sender: Address, date: str) -> bytes:
    """The message as it goes over the wire, in ASCII, its end marked. `Refused` where a part can't be carried.

    Put together here: every header is checked or encoded, and the standard library, which parses and folds each of
    them and of the parts', takes ten times as long.
    """
    if not ADDRESS.fullmatch(mail.to):
        raise Refused(SYSTEM, "address", "an address that can't be one")
    if not mail.subject.isprintable() or len(mail.subject) > 200 or not MESSAGE_ID.fullmatch(mail.message_id):
        raise Refused(SYSTEM, "header", "a subject or Message-ID that a header can't carry")
    try:
        parts = _part(mail.plain, "plain") + _part(mail.html, "html")
    except UnicodeEncodeError:
        raise Refused(SYSTEM, "text", "a text with half a character in it") from None
    head = _headers(
        {
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{BOUNDARY}"',
            "From": _from(sender),
            "To": mail.to,
            "Subject": _folded("Subject", mail.subject),
            "Date": date,
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
        }
    )
    return f"{head}{LEADING_DOT.sub('..', parts)}--{BOUNDARY}--{END}.{END}".encode("ascii")


def _headers(named: Mapping[str, str]) -> str:
    """The lines, and the empty one that ends them."""
    return "".join(f"{name}: {value}{END}" for name, value in named.items()) + END


def _from(sender: Address) -> str:
    if sender.display_name.isascii():
        return formataddr((sender.display_name, sender.addr_spec))
    return f"{_folded('From', sender.display_name)} <{sender.addr_spec}>"


def _folded(name: str, text: str) -> str:
    """`text` as a header's value in short lines."""
    plain = text.isascii() and text == text.strip()  # spaces at an end would be lost
    return Header(text, "us-ascii" if plain else "utf-8", header_name=name).encode(linesep=END)


def _part(text: str, kind: str) -> str:
    """One of the alternatives, with every kind of line end made one; what ends it belongs to the next boundary."""
    lines = text.replace(END, "\n").replace("\r", "\n").removesuffix("\n")
    encoded = b2a_qp(f"{lines}\n".encode()).decode("ascii").replace("\n", END)
    headers = {"Content-Type": f'text/{kind}; charset="utf-8"', "Content-Transfer-Encoding": "quoted-printable"}
    return f"--{BOUNDARY}{END}{_headers(headers)}{encoded}{END}"

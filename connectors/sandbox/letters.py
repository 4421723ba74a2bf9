"""One message as a mail server sees it."""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage


@dataclass(frozen=True)
class Mail:
    """One message as it was handed over. `encrypted`: the connection had been upgraded; `user`: who logged in."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage = field(repr=False)
    encrypted: bool = False
    user: str = ""

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "")

    @property
    def plain(self) -> str:
        """The plain text; empty where there is none."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML text; empty where there is none."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content()).replace("\r\n", "\n")

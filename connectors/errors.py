"""How a call to an outside system can fail, named by what the caller should do next.

ConnectorError
├── Unavailable    not done: the same call may be sent again later
├── Refused        not done: sending it again will not help
├── Uncertain      may have been done: look before sending it again
└── Misconfigured  not done: no call will be until an operator mends our settings

Texts are safe to show: connectors never put a secret, a request body or a response body into one.
"""

from datetime import timedelta


class ConnectorError(Exception):
    """A call to `system` (servicenow, duo, password_pusher, mail) failed; `detail` says how, for an operator."""

    def __init__(self, system: str, detail: str) -> None:
        super().__init__(f"{system}: {detail}")
        self.system = system
        self.detail = detail


class Unavailable(ConnectorError):
    """Not done; the same call may be sent again, not before `retry_after` where the other side named a time."""

    def __init__(self, system: str, detail: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(system, detail)
        self.retry_after = retry_after


class Refused(ConnectorError):
    """Not done, and sending it again will not help. `code` is the other side's own ("40003", "403")."""

    def __init__(self, system: str, code: str, detail: str) -> None:
        super().__init__(system, detail)
        self.code = code


class Uncertain(ConnectorError):
    """May have been done: the answer was lost or can't be read. Look before sending it again."""


class Misconfigured(ConnectorError):
    """Not done: credentials, permissions or settings are wrong, and stay so until an operator mends them."""

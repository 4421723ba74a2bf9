"""A stand-in for the open-source Password Pusher server: its v1 and v2 APIs and the pages a secret link opens.

Left out: file pushes, the server mailing a link itself (`notify_emails`; answered as a server with it switched off
does, 404), accounts and administration, the old `/f` and `/r` paths, and the forms' CSRF token.
Source: the Password Pusher facts §1–6 (`facts §n` throughout this package); where they are silent, the server's own
code at 2.11.4.
"""

from connectors.sandbox.password_pusher.push import AuditRow, Push
from connectors.sandbox.password_pusher.reader import Opened
from connectors.sandbox.password_pusher.server import PasswordPusher
from connectors.sandbox.password_pusher.settings import Limit, Settings

__all__ = ["AuditRow", "Limit", "Opened", "PasswordPusher", "Push", "Settings"]

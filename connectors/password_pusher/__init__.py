"""Password Pusher: one-time links. `PasswordPusher` makes, finds and expires pushes; a push is never opened here."""

from connectors.password_pusher.answers import Push, Version, View
from connectors.password_pusher.pushes import MINIMUM, PasswordPusher

__all__ = ["MINIMUM", "PasswordPusher", "Push", "Version", "View"]

"""Mail through the district's relay: `Mailer` hands a `Mail` over, plain text and HTML, one connection each."""

from connectors.mail.mailer import Mailer
from connectors.mail.message import Mail

__all__ = ["Mail", "Mailer"]

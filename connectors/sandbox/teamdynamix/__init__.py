"""A stand-in for TeamDynamix that speaks its Web API: sign-in, tickets, feeds, people, groups, limits."""

from connectors.sandbox.teamdynamix.acts import TRUSTED, Filed, Note, Ref
from connectors.sandbox.teamdynamix.catalogue import APPS, App
from connectors.sandbox.teamdynamix.stand_in import Credentials, TeamDynamix
from connectors.sandbox.teamdynamix.switches import Switches

__all__ = ["APPS", "TRUSTED", "App", "Credentials", "Filed", "Note", "Ref", "Switches", "TeamDynamix"]

"""The people of the demonstration, once they were served: they open the mail, type the code, tap the link."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.teamdynamix import TeamDynamix
from connectors.sandbox.world import Sandbox

PASSPHRASE = re.compile(r"The passphrase for it: (\S+)")
LINK = re.compile(r"https://localhost:\d+/p/\S+")


def passphrase(ticket: Mapping[str, Any]) -> str:
    """The one to a mailed link, from the ticket's field, else from a comment; empty where there is none."""
    found = [PASSPHRASE.search(comment) for comment in ticket["comments"]]
    return str(ticket.get("u_passphrase") or next((each[1] for each in found if each), ""))


def act(sandbox: Sandbox, person: Person, option: str, passphrase: str) -> str:
    """What the person does with what they got, in words; empty where they got nothing they could use."""
    if option.endswith("bypass_code"):
        return _use_code(sandbox, person, option, passphrase)
    if option in ("mobile.activation_link", "mobile.add_phone"):
        done = sandbox.duo.activate(person.user_name, person.number)
        return "tapped the link in the text; Duo Mobile works" if done else ""
    mails = [mail for mail in sandbox.duo.enrollment_mails if mail.username == person.user_name]
    done = bool(mails) and sandbox.duo.follow_enrollment_link(mails[-1].code)
    return "followed Duo's mail and touched the key" if done else ""


def comment(site: ServiceNow | TeamDynamix, person: Person, ticket: str) -> str:
    """The person answers on the ticket; what they did, in words."""
    site.comment(ticket, person.user_name, "I tapped the link and nothing happens.")
    return "wrote a comment: nothing happens"


def _use_code(sandbox: Sandbox, person: Person, option: str, passphrase: str) -> str:
    for address in filter(None, (person.personal_email, person.email)):
        for mail in sandbox.mail.for_address(address):
            found = LINK.search(mail.plain)
            if found and (code := sandbox.password_pusher.open(found.group(), passphrase).payload):
                return _enrol(sandbox, person, option, code)
    return ""


def _enrol(sandbox: Sandbox, person: Person, option: str, code: str) -> str:
    if not sandbox.duo.use_code(person.user_name, code):
        return ""
    if option.startswith("key."):
        sandbox.duo.register_key(person.user_name)
        return "opened the link, typed the code at Manage devices, touched the key"
    sandbox.duo.add_phone(person.user_name, person.number)
    return "opened the link, typed the code at Manage devices, scanned the QR code"

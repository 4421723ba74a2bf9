"""What a person, an agent or an approver can be made to do, by name and with arguments of JSON."""

import re
from dataclasses import asdict
from datetime import timedelta
from typing import Final, Literal, cast

from connectors.sandbox.act import Act, Given, Impossible
from connectors.sandbox.faults import Rule, kinds
from connectors.sandbox.world import SYSTEMS, Sandbox

ITEMS: Final = ("enrolment", "password reset")


def file_request(sandbox: Sandbox, given: Given) -> object:
    """Fill in and submit a form; answers by its variables' names. Gives number and sys_id of what that made."""
    if given["item"] not in ITEMS:
        raise Impossible(f"item must be one of: {', '.join(ITEMS)}")
    person, answers, item = given["person"], given["answers"], given["item"]
    opener, approval = given["opener"] or None, given["approval"]
    try:
        filed = sandbox.site.file_request(person, answers, opener=opener, approval=approval, item=item)
    except ValueError as wrong:
        raise Impossible(str(wrong)) from wrong
    return asdict(filed)


def edit_answer(sandbox: Sandbox, given: Given) -> None:
    """Change one answer of a filed request."""
    sandbox.site.edit_answer(_item(sandbox, given), given["name"], given["value"], by=given["by"])


def comment(sandbox: Sandbox, given: Given) -> None:
    """Write what the requester reads."""
    sandbox.site.comment(given["ticket"], given["author"], given["text"])


def work_note(sandbox: Sandbox, given: Given) -> None:
    """Write what only staff reads: #verified METHOD and #revoke go here."""
    sandbox.site.work_note(given["ticket"], given["author"], given["text"])


def approve(sandbox: Sandbox, given: Given) -> None:
    """Approve the ticket's item."""
    sandbox.site.approve(_item(sandbox, given), given["approver"])


def reject(sandbox: Sandbox, given: Given) -> None:
    """Reject the ticket's item."""
    sandbox.site.reject(_item(sandbox, given), given["approver"])


def assign(sandbox: Sandbox, given: Given) -> None:
    """Assign the ticket to a user; an empty name assigns to nobody."""
    sandbox.site.assign(given["ticket"], given["user"], by=given["by"] or None)


def close(sandbox: Sandbox, given: Given) -> None:
    """Close the ticket: complete, incomplete or skipped."""
    if given["how"] not in ("complete", "incomplete", "skipped"):
        raise Impossible("how must be one of: complete, incomplete, skipped")
    how = cast(Literal["complete", "incomplete", "skipped"], given["how"])
    sandbox.site.close(given["ticket"], given["by"], how=how)


def open_link(sandbox: Sandbox, given: Given) -> object:
    """Open a secret link in a browser; the payload, or the problem."""
    return asdict(sandbox.password_pusher.open(given["link"], given["passphrase"], ip=given["ip"]))


def spend_code(sandbox: Sandbox, given: Given) -> object:
    """Type a bypass code at the Duo prompt; whether it was taken."""
    return sandbox.duo.use_code(given["person"], given["code"])


def activate_app(sandbox: Sandbox, given: Given) -> object:
    """Open the texted activation link on the phone with that number; whether one waited there."""
    return sandbox.duo.activate(given["person"], given["number"], given["platform"])


def add_phone(sandbox: Sandbox, given: Given) -> object:
    """Add a phone at "Manage devices" and scan its QR code; whether that worked. Spend a code first."""
    return sandbox.duo.add_phone(given["person"], given["number"], given["platform"])


def register_key(sandbox: Sandbox, given: Given) -> object:
    """Register a security key (cross-platform) or a passkey (platform) at "Manage devices". Spend a code first."""
    return sandbox.duo.register_key(given["person"], given["label"], given["registered_as"])


def follow_enrollment_link(sandbox: Sandbox, given: Given) -> object:
    """Open the enrolment link with that code, from /enrollment_mails, and register a key; whether it worked."""
    return sandbox.duo.follow_enrollment_link(given["code"], given["label"])


def issue_code(sandbox: Sandbox, given: Given) -> object:
    """An agent makes a bypass code at the Admin Panel; its digits."""
    return sandbox.duo.issue_code(given["person"])


def set_status(sandbox: Sandbox, given: Given) -> None:
    """An agent sets somebody's status in Duo: active, bypass, disabled, locked out, pending deletion."""
    sandbox.duo.set_status(given["person"], given["status"])


def set_latency(sandbox: Sandbox, given: Given) -> None:
    """How long a system's answers take from now on; without a system, all of them."""
    if given["system"] not in ("", *SYSTEMS):
        raise Impossible(f"system must be one of: {', '.join(SYSTEMS)}")
    named = (given["system"],) if given["system"] else ()
    sandbox.set_latency(timedelta(milliseconds=given["milliseconds"]), *named)


def fail(sandbox: Sandbox, given: Given) -> None:
    """Let calls of a system fail, as `kind` says: the nth that matches from now on, and times - 1 after it."""
    if given["system"] not in SYSTEMS:
        raise Impossible(f"system must be one of: {', '.join(SYSTEMS)}")
    if given["kind"] not in kinds(given["system"]):
        raise Impossible(f"kind must be one of: {', '.join(sorted(kinds(given['system'])))}")
    try:
        sandbox.faults.add(Rule(**given))
    except (ValueError, re.error) as wrong:
        raise Impossible(str(wrong)) from wrong


def fail_no_more(sandbox: Sandbox, _given: Given) -> None:
    """Let all calls go well again."""
    sandbox.faults.set()


def _item(sandbox: Sandbox, given: Given) -> str:
    return str(sandbox.site.ticket(given["ticket"]).get("item", given["ticket"]))


ACTS: Final = (
    Act(file_request, ("person", "answers"), {"opener": "", "approval": "not requested", "item": "enrolment"}),
    Act(edit_answer, ("ticket", "name", "value"), {"by": "admin"}),
    Act(comment, ("ticket", "author", "text"), {}),
    Act(work_note, ("ticket", "author", "text"), {}),
    Act(approve, ("ticket", "approver"), {}),
    Act(reject, ("ticket", "approver"), {}),
    Act(assign, ("ticket", "user"), {"by": ""}),
    Act(close, ("ticket", "by"), {"how": "complete"}),
    Act(open_link, ("link",), {"passphrase": "", "ip": "198.51.100.7"}),
    Act(spend_code, ("person", "code"), {}),
    Act(activate_app, ("person", "number"), {"platform": ""}),
    Act(add_phone, ("person", "number"), {"platform": "apple ios"}),
    Act(register_key, ("person",), {"label": "Security key", "registered_as": "cross-platform"}),
    Act(follow_enrollment_link, ("code",), {"label": "Security key"}),
    Act(issue_code, ("person",), {}),
    Act(set_status, ("person", "status"), {}),
    Act(set_latency, ("milliseconds",), {"system": ""}),
    Act(fail, ("system", "kind"), {"method": "", "route": "", "nth": 1, "times": 1}),
    Act(fail_no_more, (), {}),
)

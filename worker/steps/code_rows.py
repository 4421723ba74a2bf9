"""What the journal of a `code_in_push` step holds, read back: link, token, passphrase, end of life."""

import json

from connectors.secret import Secret
from worker.addresses import Place, passphrase_place
from worker.case import Case
from worker.ledger.rows import StepRow

NAME = "code_in_push"


def sealed(token: Secret, link: Secret) -> Secret:
    """Token and link as the journal keeps them, sealed."""
    return Secret(json.dumps({"token": token.reveal(), "link": link.reveal()}))


def link(case: Case, row: StepRow) -> Secret:
    """The push's link."""
    return Secret(_opened(case, row)["link"])


def token(case: Case, row: StepRow) -> Secret | None:
    """The push's token; None where the step never ended."""
    return Secret(_opened(case, row)["token"]) if row.secret else None


def passphrase(case: Case, row: StepRow) -> Secret | None:
    """The passphrase of the step's latest push, derived anew; None where there is no second channel for it."""
    if row.intent["passphrase"] == "none":
        return None
    return case.worker.ledger.keys.passphrase(f"{case.request.key}\n{row.seq}", row.attempts, row.intent["key"])


def place_now(case: Case) -> Place:
    """Where a passphrase may go as the ticket stands."""
    ticket, delivery = case.ticket, case.worker.delivery
    return passphrase_place(
        delivery.passphrase,
        has_field=bool(delivery.passphrase_field),
        comments_are_mailed=delivery.comments_are_mailed,
        opener_is_person=ticket.opener.id == ticket.person.id,
        watched=ticket.watched,
    )


def is_seen(case: Case, row: StepRow) -> bool:
    """Whether the passphrase was to go into a comment that more people than the person would read by now."""
    return bool(row.intent.get("passphrase") == "ticket" and place_now(case) != "ticket")


def _opened(case: Case, row: StepRow) -> dict[str, str]:
    opened: dict[str, str] = json.loads(case.worker.ledger.keys.open(row.secret or b""))
    return opened

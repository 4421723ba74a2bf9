"""`notice` tells the person that access is being issued; `link_mail` brings the link. Both may be sent again.

A message sent twice has one Message-ID and one text, so that a mailbox shows it once.
"""

from connectors.mail import Mail
from worker.case import Case
from worker.ledger.rows import StepRow
from worker.markers import message_id
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import link
from worker.steps.step import Result
from worker.tell import link_mail, notice_mail


def send_notice(case: Case, row: StepRow) -> Result:
    """To every address on file but the one that gets the link, each its own message."""
    text = notice_mail(case, row)
    on_file = case.found.addresses
    addresses = on_file.notice_to if _brings_a_link(case) else on_file.notice_without_link
    for place, address in enumerate(addresses):
        case.worker.systems.mail.send(Mail(address, text.subject, text.plain, text.html, message_id(case, row, place)))
    return Result(note={"count": len(addresses)})


def send_link(case: Case, row: StepRow) -> Result:
    """To the address on file that `worker.addresses` chose from fresh answers."""
    code_step = case.done(CODE_STEP)
    if code_step is None:
        raise AssertionError("link_mail is planned after code_in_push")
    text = link_mail(case, row, link(case, code_step))
    case.worker.systems.mail.send(
        Mail(case.found.addresses.link_to, text.subject, text.plain, text.html, message_id(case, row, 0))
    )
    return Result()


def _brings_a_link(case: Case) -> bool:
    return any(row.name == "link_mail" for row in case.pending())

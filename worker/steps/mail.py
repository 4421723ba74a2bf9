"""Mails to the person: that access is issued, the link, that a device was added, a warning. All may be sent again.

A message sent twice has one Message-ID and one text, so that a mailbox shows it once.
"""

from collections.abc import Iterable, Sequence

from connectors.duo import users
from connectors.mail import Mail
from connectors.secret import Secret
from worker.case import Case
from worker.deciding import look_up
from worker.devices import new_devices
from worker.ledger.rows import StepRow
from worker.markers import message_id
from worker.steps.code_rows import NAME as CODE_STEP
from worker.steps.code_rows import link
from worker.steps.step import Result, one_by_one
from worker.tell import link_mail, notice_mail
from worker.texts.texts import MailText

USED = "The temporary code for your Duo account was used, but no device was added. What was left of it has ended"


def send_notice(case: Case, row: StepRow) -> Result:
    """To every address on file but the one that gets the link, each its own message."""
    on_file = case.found.addresses
    addresses = on_file.notice_to if _brings_a_link(case) else on_file.notice_without_link
    return _send(case, row, addresses, notice_mail(case, row))


def send_link(case: Case, row: StepRow) -> Result:
    """To the address on file that `worker.addresses` chose from fresh answers."""
    return _send(case, row, (case.found.addresses.link_to,), link_mail(case, row, _link(case)))


def send_added(case: Case, row: StepRow) -> Result:
    """A device was added: to every address on file."""
    devices = case.request.followed.get("devices") or ["a device"]
    return _send(case, row, _everybody(case), notice_mail(case, row, new_factor=_sentence(devices)))


def send_if_added(case: Case, row: StepRow) -> Result:
    """As `send_added`, if Duo shows a new device of which nobody was told: a last look when others end the request."""
    user = users.read(case.worker.systems.duo, case.request.duo_user_id)
    told = case.request.followed.get("told", ())
    found = [one for one in new_devices(user, case.request.baseline) if one.id not in told] if user else []
    if not found:
        return Result(note={"count": 0})
    return _send(case, row, _everybody(case), notice_mail(case, row, new_factor=_sentence(one.words for one in found)))


def send_warning(case: Case, row: StepRow) -> Result:
    """The code was used, and nothing was added: to every address on file, and to [mail] notice_copy."""
    copy = case.worker.policy.notice_copy
    addresses = dict.fromkeys((*_everybody(case), *([copy] if copy else [])))
    return _send(case, row, tuple(addresses), notice_mail(case, row, warning=USED))


def _send(case: Case, row: StepRow, addresses: Sequence[str], text: MailText) -> Result:
    mails = [
        Mail(address, text.subject, text.plain, text.html, message_id(case, row, place))
        for place, address in enumerate(addresses)
    ]
    one_by_one(mails, case.worker.systems.mail.send)
    return Result(note={"count": len(addresses)})


def _link(case: Case) -> Secret:
    code_step = case.done(CODE_STEP)
    if code_step is None:
        raise AssertionError("link_mail is planned after code_in_push")
    return link(case, code_step)


def _sentence(devices: Iterable[str]) -> str:
    said = " and ".join(devices)
    return said[:1].upper() + said[1:]


def _everybody(case: Case) -> tuple[str, ...]:
    """The addresses on file, as fresh answers have them."""
    found = case.gathered or look_up(case)
    return found.addresses.notice_without_link


def _brings_a_link(case: Case) -> bool:
    return any(row.name in ("link_mail", "enrollment_mail") for row in case.pending())

"""The step table: every thing the worker does outside, how it is done, and how a lost answer is found out."""

from collections.abc import Mapping
from dataclasses import replace

from worker.markers import with_key
from worker.steps import codes, mail, phones, ticket, undo
from worker.steps.step import Step

TOLD = Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False, calls="tickets")

STEPS: Mapping[str, Step] = {
    "take": replace(TOLD, act=ticket.take),
    "notice": Step(mail.send_notice, intend=with_key),
    "create_user": Step(phones.create_user, look=phones.look_for_user, calls="duo"),
    "create_phone": Step(phones.create_phone, look=phones.look_for_phone, cap=phones.phones_cap, calls="duo"),
    "attach_phone": Step(phones.attach_phone, calls="duo"),
    "set_platform": Step(phones.set_platform, calls="duo"),
    "detach_phones": Step(phones.detach_phones, intend=phones.intend_detaching),
    "code_in_push": Step(codes.act, look=codes.look, intend=codes.intend, attempts=2, cap=codes.cap, calls="duo"),
    "link_mail": Step(mail.send_link, intend=with_key, calls="mail"),
    "activation_text": Step(
        phones.text_activation,
        look=phones.look_for_text,
        intend=phones.intend_text,
        attempts=phones.TEXT_ATTEMPTS,
        cap=phones.phones_cap,
        calls="duo",
    ),
    "enrollment_mail": Step(
        phones.mail_enrollment, look=phones.look_for_enrollment, intend=phones.intend_mail, calls="duo"
    ),
    "tell_delivered": replace(TOLD, act=ticket.tell_delivered),
    "tell_held": TOLD,
    "tell_refused": TOLD,
    "tell_stepped_back": TOLD,
    "notice_added": Step(mail.send_added, intend=with_key, matters=False),
    "notice_if_added": Step(mail.send_if_added, intend=with_key, matters=False),
    "notice_warning": Step(mail.send_warning, intend=with_key, matters=False),
    "tell_reminder": replace(TOLD, act=ticket.tell_reminder, calls=None),
    "tell_given_up": TOLD,
    "tell_enrolled": TOLD,
    "tell_closed": TOLD,
    "revoke_code": Step(undo.undoing(undo.revoke_code)),
    "delete_push": Step(undo.undoing(undo.delete_push)),
    "empty_field": Step(undo.undoing(undo.empty_field)),
    "detach_made_phone": Step(undo.undoing(undo.detach_made_phone)),
    "reattach_phones": Step(undo.undoing(undo.reattach_phones)),
}

UNDO_STEPS = frozenset(("revoke_code", "delete_push", "empty_field", "detach_made_phone", "reattach_phones"))
"""The steps that take something back."""

"""The step table: every thing the worker does outside, how it is done, and how a lost answer is found out."""

from collections.abc import Mapping

from worker.markers import with_key
from worker.steps import codes, mail, phones, ticket, undo
from worker.steps.step import Step

STEPS: Mapping[str, Step] = {
    "take": Step(ticket.take, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "notice": Step(mail.send_notice, intend=with_key),
    "create_user": Step(phones.create_user, look=phones.look_for_user),
    "create_phone": Step(phones.create_phone, look=phones.look_for_phone, cap=phones.phones_cap),
    "attach_phone": Step(phones.attach_phone),
    "set_platform": Step(phones.set_platform),
    "detach_phones": Step(phones.detach_phones, intend=phones.intend_detaching),
    "code_in_push": Step(codes.act, look=codes.look, intend=codes.intend, attempts=2, cap=codes.cap),
    "link_mail": Step(mail.send_link, intend=with_key),
    "activation_text": Step(
        phones.text_activation,
        look=phones.look_for_text,
        intend=phones.intend_text,
        attempts=phones.TEXT_ATTEMPTS,
        cap=phones.phones_cap,
    ),
    "enrollment_mail": Step(phones.mail_enrollment, look=phones.look_for_enrollment, intend=phones.intend_mail),
    "tell_delivered": Step(ticket.tell_delivered, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_held": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_refused": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_stepped_back": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "notice_added": Step(mail.send_added, intend=with_key, matters=False),
    "notice_if_added": Step(mail.send_if_added, intend=with_key, matters=False),
    "notice_warning": Step(mail.send_warning, intend=with_key, matters=False),
    "tell_reminder": Step(ticket.tell_reminder, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_given_up": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_enrolled": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "tell_closed": Step(ticket.tell, look=ticket.look_for_note, intend=with_key, refusal_is_final=False),
    "revoke_code": Step(undo.undoing(undo.revoke_code)),
    "delete_push": Step(undo.undoing(undo.delete_push)),
    "empty_field": Step(undo.undoing(undo.empty_field)),
    "detach_made_phone": Step(undo.undoing(undo.detach_made_phone)),
    "reattach_phones": Step(undo.undoing(undo.reattach_phones)),
}

UNDO_STEPS = frozenset(("revoke_code", "delete_push", "empty_field", "detach_made_phone", "reattach_phones"))
"""The steps that take something back."""

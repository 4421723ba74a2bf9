"""What the texts may say about one request. Every field has a default that stands for "nothing to say"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from connectors.secret import Secret

NOTHING = Secret("")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TextContext:
    """One request at one moment. Times are aware and in UTC; texts from outside needn't be clean.

    A sentence may end in a full stop or not: where it becomes part of a line, the line has the stop.
    """

    # the request
    ticket: str = ""  # the number people know it by
    now: datetime = LONG_AGO  # when the text is written; chooses the OS floor
    first_name: str = ""  # of the affected person; empty: greeted without
    option: str = ""  # rules.facts.OPTIONS, or empty
    then: str = ""  # of `mobile.add_phone`: the option that follows
    row: str = ""  # id of the table row that decided
    reason: str = ""  # its because, for staff
    proof: tuple[str, ...] = ()  # evidence, for staff
    proof_required: bool = True  # policy.require_proof
    guards_off: tuple[str, ...] = ()  # policy.guards_off

    # what was done and given
    done: tuple[str, ...] = ()  # in Duo, with ids, for staff
    number_ending: str = ""  # last two digits of the phone number texted or added
    address_hint: str = ""  # `words.masked` of the address that gets the link or Duo's mail
    channels: int = 1  # 2: link and passphrase took different ways
    link: Secret = NOTHING  # to the push; reaches the link mail alone
    passphrase_at: Literal["none", "field", "ticket"] = "none"
    passphrase: Secret = NOTHING  # reaches the comment alone, and only with passphrase_at == "ticket"
    code_uses: int = 2
    code_valid_for: timedelta = timedelta(hours=8)
    code_valid_until: datetime = LONG_AGO
    push_expires_days: int = 1
    push_expires_views: int = 2
    activation_valid_for: timedelta = timedelta(hours=1)
    activation_until: datetime = LONG_AGO
    enrollment_valid_for: timedelta = timedelta(days=1)
    enrollment_until: datetime = LONG_AGO

    # how it went on
    device: str = ""  # what was enrolled, such as "Duo Mobile on your phone ending in 42"
    evidence: tuple[str, ...] = ()  # from Duo, for staff: device, time
    new_factor: str = ""  # the notice is about this factor having been added, not about access being given
    unusual: str = ""  # what about the new factor is to be looked at by a person
    link_opened: bool = False  # the link to the code was opened
    warning: str = ""  # the notice is a warning: what was seen, as a whole sentence
    tried: tuple[str, ...] = ()  # before it was given up, for staff
    undone: tuple[str, ...] = ()  # by the undo list, for staff
    left_alive: tuple[str, ...] = ()  # what exists still, with id and "alive until", for staff
    give_up_closes: bool = False  # follow_up.on_give_up == "close_incomplete"
    other_ticket: str = ""  # closed, because the person's other ticket ended enrolled

    # what a technician does with a held ticket
    do: str = ""  # the exact next step, with its path in the Admin Panel
    worker_account: str = ""  # assigning the ticket to it hands it back
    identity_methods: tuple[str, ...] = ()  # words for #verified

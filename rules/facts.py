"""What a decision may look at: one frozen value per section, complete and non-nullable.

Every field has a default that stands for "nothing known, nothing found", so that a table's examples say only what
differs. A field is a str, bool, int, timedelta, aware datetime, tuple or dataclass: what `rules.expression` can type.
Words of a closed set are `Annotated[str, OneOf(…)]`; a comparison with any other word is refused when a table loads.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rules.duration import duration

Duration = Annotated[timedelta, BeforeValidator(duration)]  # "15m" in TOML and JSON

OPTIONS = (
    "mobile.bypass_code",
    "mobile.activation_link",
    "mobile.add_phone",
    "key.bypass_code",
    "key.enrollment_link",
)


class OneOf:
    """The words a text field may hold; facts read from TOML or JSON are refused with any other."""

    def __init__(self, *words: str) -> None:
        self.words = frozenset(words)

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, text: Any) -> Any:
        if text not in self.words:
            raise PydanticCustomError("word", "'{word}' is none of the words", {"word": text})
        return text


@dataclass(frozen=True)
class Request:
    """The request as filed."""

    device: Annotated[str, OneOf("", "duo_mobile", "security_key")] = ""
    preferred: Annotated[str, OneOf("", "bypass_code", "activation_link", "enrollment_link")] = ""
    phone_os: Annotated[str, OneOf("", "ios", "android", "other")] = ""
    problem: str = ""  # the first form answer that can't be used, in words; empty: none
    approval: Annotated[str, OneOf("none", "requested", "approved", "rejected")] = "none"
    age: Duration = timedelta()
    closed: bool = False
    technician: bool = False  # assigned to somebody who is not the worker
    persons_agree: bool = True  # request, item and task name one person
    unknown_marker: bool = False  # carries our note or claim, but the ledger doesn't know it (restored back-up)
    edited: bool = False  # an answer or the person changed since the request was decided


@dataclass(frozen=True)
class Requester:
    """Who opened the request."""

    is_person: bool = True
    on_service_desk: bool = False
    opened_recently: int = 0  # other requests this opener filed for others within the window of `limits.per_opener`


@dataclass(frozen=True)
class Phone:
    """One phone of the user's Duo record."""

    id: str = ""
    mobile: bool = False  # Duo's type is Mobile (or unknown with a smartphone platform)
    landline: bool = False
    platform_known: bool = False
    activated: bool = False
    working: bool = False  # activated and capable of push or mobile_otp
    made_by_worker: bool = False


@dataclass(frozen=True)
class User:
    """The person in Duo."""

    found: bool = False  # exactly one user whose name or alias is the ticket's
    matches: int = 0
    status: Annotated[str, OneOf("", "active", "bypass", "disabled", "locked out", "pending deletion", "other")] = ""
    email_known: bool = False  # an address is on file that a link can go to, Duo's own or a trusted one
    email_agrees: bool = True  # false only where both sides have an address and they differ
    has_logged_in: bool = False
    privileged: bool = False
    on_service_desk: bool = False
    checks_identity: bool = False  # member of an `identity_groups` group
    inactive_group: str = ""  # name of a group of theirs whose own status isn't active
    phones: tuple[Phone, ...] = ()
    has_device: bool = False  # any phone, token or WebAuthn credential
    working_factor: bool = False  # activated phone with push or mobile_otp, WebAuthn credential, token
    only_dead_phones: bool = False  # devices are phones, none of which ever worked with the app


@dataclass(frozen=True)
class Smartphone:
    """The one phone on record that an activation link would be texted to."""

    found: bool = False
    ambiguous: bool = False  # more than one could be meant
    id: str = ""
    activated: bool = False
    platform_known: bool = False
    shared: bool = False
    made_by_worker: bool = False


@dataclass(frozen=True)
class Number:
    """The phone number typed in the form: a claim."""

    given: bool = False
    kind: Annotated[str, OneOf("", "mobile", "fixed_or_mobile", "landline", "other")] = ""  # by its numbering plan
    region_allowed: bool = True
    on_record: bool = False  # one of the person's own phones in Duo
    somebody_elses: bool = False
    shared: bool = False
    landline_in_duo: bool = False
    trusted: bool = False  # equals a number in `trusted_number_fields`


@dataclass(frozen=True)
class Proof:
    """Evidence of identity that the request itself can't be (design §6.0)."""

    number_on_record: bool = False
    desk: bool = False
    approval: bool = False
    second_address: bool = False
    trusted_number: bool = False


@dataclass(frozen=True)
class History:
    """What the ledger knows of this person and of the hour."""

    codes_recently: int = 0  # codes made for this person within the window of `limits.codes_per_person`
    password_reset: bool = False  # a password-reset ticket of the person within `reset_window`
    other_number: bool = False  # another request of the person named another number within 7 days


@dataclass(frozen=True)
class Limits:
    """Thresholds of `[policy]`."""

    codes_per_person: int = 3
    per_opener: int = 20
    max_request_age: Duration = timedelta(days=14)


@dataclass(frozen=True)
class Policy:
    """Switches of the configuration, and what Duo says about its own policy."""

    require_proof: bool = True
    create_users: bool = False
    retire_dead_phones: bool = False
    retire_is_safe: bool = False  # Duo denies new users in every `retire_check_applications`
    directory_fresh: bool = True


@dataclass(frozen=True)
class Progress:
    """How a request goes on that was delivered; nothing of it is known before."""

    option: Annotated[str, OneOf("", *OPTIONS)] = ""  # what was delivered
    gave: Annotated[str, OneOf("", "bypass_code", "activation_link", "enrollment_link")] = (
        ""  # what the person got by it
    )
    since_delivery: Duration = timedelta()
    new_factors: int = 0  # devices that Duo shows now and didn't before the request was acted on
    wanted_kind: bool = False  # one of them is of the kind asked for
    strange_number: bool = False  # a new phone whose number is neither on record nor vouched for
    strange_country: bool = False  # a log-in came from outside `expected_countries`
    log_read: bool = True  # Duo's log was read past the moment at which a new factor was seen, where countries matter
    code_used: bool = False
    since_code_used: Duration = timedelta()
    alive: bool = False  # what was delivered can still be used
    opened: bool = False  # the link to the code was opened
    failed_passphrases: int = 0
    viewing_networks: int = 0  # different networks the link was opened from
    reminded: bool = False
    reissued: int = 0  # how often it was given again
    commented: bool = False  # the person wrote a comment since it was delivered, at the ticket itself
    remind_after: Duration = timedelta(hours=24)
    give_up_after: Duration = timedelta(days=7)


@dataclass(frozen=True)
class Facts:
    """Everything a row of `guards.toml` and `enrollment.toml` may ask, and `progress` for `follow_up.toml`."""

    request: Request = field(default_factory=Request)
    requester: Requester = field(default_factory=Requester)
    user: User = field(default_factory=User)
    usable_smartphone: Smartphone = field(default_factory=Smartphone)
    number: Number = field(default_factory=Number)
    proof: Proof = field(default_factory=Proof)
    history: History = field(default_factory=History)
    limits: Limits = field(default_factory=Limits)
    policy: Policy = field(default_factory=Policy)
    progress: Progress = field(default_factory=Progress)
    option: Annotated[str, OneOf("", *OPTIONS)] = ""  # set while `[[proof]]` rows are asked


@dataclass(frozen=True)
class Own:
    """What a request did itself so far, as the ledger has it."""

    codes: int = 0  # bypass codes among `history.codes_recently`
    phones: frozenset[str] = frozenset()  # ids of the phones it made
    detached: frozenset[str] = frozenset()  # ids of the dead phones it took off the person's record
    created_user: bool = False


def without(facts: Facts, own: Own) -> Facts:
    """`facts` as they would be if the request had done nothing, so that its own traces never stop it half-way.

    A phone it made that is activated by now stays: that was somebody's doing, not the request's.
    """
    made = {phone.id for phone in facts.user.phones if phone.id in own.phones and not phone.activated}
    return replace(
        facts,
        user=_user_without(facts.user, own, made),
        usable_smartphone=Smartphone() if facts.usable_smartphone.id in made else facts.usable_smartphone,
        number=replace(facts.number, on_record=facts.number.on_record and not made),
        history=replace(facts.history, codes_recently=max(0, facts.history.codes_recently - own.codes)),
    )


def _user_without(user: User, own: Own, made: set[str]) -> User:
    """A device that isn't a phone is a working factor, so what is left tells whether any device is."""
    if own.created_user:
        return replace(user, found=False, matches=0, status="", phones=(), has_device=False)
    phones = tuple(phone for phone in user.phones if phone.id not in made)
    has_device = bool(phones) or user.working_factor or bool(own.detached)
    only_dead = (user.only_dead_phones and bool(phones)) or (bool(own.detached) and not user.has_device)
    return replace(user, phones=phones, has_device=has_device, only_dead_phones=only_dead)

"""What Duo is asked about one request, all of it (design §2); the facts are made from these answers."""

from dataclasses import dataclass

from connectors.duo import phones, policies, users
from connectors.duo.model import Phone, User
from connectors.duo.transport import Admin
from worker.addresses import valid
from worker.facts.phones import is_mobile, only_dead_phones, same_number
from worker.facts.settings import PolicySettings
from worker.tickets.ticket import Answers, Person, Ticket

_DENIED = ("deny", "deny-access")


@dataclass(frozen=True)
class InDuo:
    """Duo's answers. `holder` and `smartphone` were read by themselves, so that their `user_ids` are known."""

    matches: tuple[User, ...] = ()  # everybody who could be meant
    holder: Phone | None = None  # has the typed number and isn't one of the user's own
    usable: tuple[Phone, ...] = ()  # of the user's own, those an activation link could be meant for
    denies_new_users: bool = False  # at every one of `retire_check_applications`, where that was asked

    @property
    def user(self) -> User | None:
        """The one who is meant."""
        return self.matches[0] if len(self.matches) == 1 else None

    @property
    def smartphone(self) -> Phone | None:
        """The one an activation link would be texted to."""
        return self.usable[0] if len(self.usable) == 1 else None


def ask_duo(admin: Admin, ticket: Ticket, settings: PolicySettings, *, retired: bool = False) -> InDuo:
    """Who the person is (1 call), who has a typed number that isn't theirs (1), who uses the phone to be texted (1).

    One more where nobody has the name and `match_by_email` lets the e-mail address find somebody, and one for each of
    `retire_check_applications` where dead phones may be retired, or were (`retired`) for this request. Reads only: may
    be repeated.
    """
    matches = _matches(admin, ticket.person, match_by_email=settings.match_by_email)
    user = InDuo(matches).user
    return InDuo(
        matches=matches,
        holder=_holder(admin, user, ticket.answers),
        usable=_usable(admin, user, ticket.answers),
        denies_new_users=_denies_new_users(admin, user, ticket.answers, settings, retired=retired),
    )


def own_phone(user: User | None, number: str) -> Phone | None:
    """The user's own phone with that number, as their record has it."""
    own = user.phones if user is not None else ()
    return next((phone for phone in own if same_number(phone.number, number)), None)


def _matches(admin: Admin, person: Person, *, match_by_email: bool) -> tuple[User, ...]:
    """By user name or alias, else by e-mail; somebody without a name at the ticket system has no alias either."""
    named = users.find(admin, person.user_name) if person.user_name else ()
    if named or not match_by_email or not valid(person.email):
        return named
    return users.find_by_email(admin, person.email)


def _holder(admin: Admin, user: User | None, answers: Answers) -> Phone | None:
    typed = answers.phone_number
    if not typed or own_phone(user, typed) is not None:
        return None
    return phones.by_number(admin, typed)


def _usable(admin: Admin, user: User | None, answers: Answers) -> tuple[Phone, ...]:
    """The user's own mobiles; a number typed in the form only chooses among them, it never adds one."""
    if user is None or answers.device != "duo_mobile":
        return ()
    meant = tuple(phone for phone in user.phones if is_mobile(phone) and _is_meant(phone, answers.phone_number))
    return _read_again(admin, meant[0].phone_id, user.user_id) if len(meant) == 1 else meant


def _is_meant(phone: Phone, typed: str) -> bool:
    """A phone without a number (a tablet) can't be texted, so it is never meant."""
    return phone.number != "" and (not typed or same_number(phone.number, typed))


def _read_again(admin: Admin, phone_id: str, user_id: str) -> tuple[Phone, ...]:
    """The phone with its users; none where it is no longer the user's."""
    phone = phones.read(admin, phone_id)
    return (phone,) if phone is not None and user_id in phone.user_ids else ()


def _denies_new_users(
    admin: Admin, user: User | None, answers: Answers, settings: PolicySettings, *, retired: bool
) -> bool:
    """Whether nobody without a device gets into any of the applications, so that dead phones may be detached.

    Asked only where that may happen; no application named is no answer.
    """
    applications = settings.retire_check_applications
    if user is None or not (settings.retire_dead_phones and applications):
        return False
    if answers.preferred != "enrollment_link" or not (retired or only_dead_phones(user)):
        return False
    return all(policies.calculated(admin, key, user.user_id).new_user in _DENIED for key in applications)

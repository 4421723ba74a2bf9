"""Users and which phones are theirs (Admin API facts §3, §6)."""

from collections.abc import Callable
from datetime import timedelta

from connectors.duo import asking, parse
from connectors.duo.failures import NOT_FOUND
from connectors.duo.model import User
from connectors.duo.transport import Admin
from connectors.errors import Refused


def find(admin: Admin, username: str) -> tuple[User, ...]:
    """The users whose name or alias is `username`, whatever the case; Duo may answer with more than those."""
    asking.words("a user name", username)
    wanted = username.casefold()
    rows = admin.get_users_by_name(username)
    return _those(rows, lambda user: wanted in {name.casefold() for name in (user.username, *user.aliases)})


def find_by_email(admin: Admin, email: str) -> tuple[User, ...]:
    """The users whose address on file is `email`, whatever the case."""
    asking.words("an e-mail address", email)
    return _those(admin.get_user_by_email(email), lambda user: user.email.casefold() == email.casefold())


def read(admin: Admin, user_id: str) -> User | None:
    """The user with this id as it is now; None if there is none."""
    try:
        row = admin.get_user_by_id(asking.known_id(user_id))
    except Refused as error:
        if error.code == NOT_FOUND:
            return None
        raise

    def same(row: object) -> User:
        user = parse.user(row)
        if user.user_id != user_id:
            raise parse.Unfit("it is another user")
        return user

    return parse.fit("GET", row, same)


def create(admin: Admin, *, username: str, email: str, first_name: str, last_name: str) -> User:
    """A new active user without devices. `Refused` 40003 where the name is taken; after `Uncertain`, `find` tells."""
    optional = {"email": email, "firstname": first_name, "lastname": last_name}
    given = {name: asking.words(name, value) for name, value in optional.items() if value}
    row = admin.add_user(asking.words("a user name", username), **given)

    def same(row: object) -> User:
        user = parse.user(row)
        if user.username.casefold() != username.casefold():
            raise parse.Unfit("it is another user")
        return user

    return parse.fit("POST", row, same)


def enroll(admin: Admin, *, username: str, email: str, valid_for: timedelta) -> None:
    """Have Duo mail an enrolment link to `email`. Helps a user without devices only; nothing shows it afterwards.

    Duo answers with the code in that link: it is dropped here. Mails again when repeated.
    """
    admin.enroll_user(
        asking.words("a user name", username), asking.words("an e-mail address", email), asking.seconds(valid_for)
    )


def attach_phone(admin: Admin, user_id: str, phone_id: str) -> None:
    """Make the phone one of the user's; repeating it changes nothing."""
    admin.add_user_phone(asking.known_id(user_id), asking.known_id(phone_id))


def detach_phone(admin: Admin, user_id: str, phone_id: str) -> None:
    """Take the phone from the user; one that isn't theirs, or that is gone, is as wanted. The phone itself stays."""
    try:
        admin.delete_user_phone(asking.known_id(user_id), asking.known_id(phone_id))
    except Refused as error:
        if error.code != NOT_FOUND:
            raise


def _those(rows: object, wanted: Callable[[User], bool]) -> tuple[User, ...]:
    users = parse.fit("GET", rows, lambda rows: [parse.user(row) for row in parse.listing(rows)])
    return tuple({user.user_id: user for user in users if wanted(user)}.values())

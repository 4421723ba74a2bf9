"""The users of an account, found by id, by name or alias, and by e-mail; names know no upper and lower case (§3)."""

from collections.abc import Iterable, Iterator

from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.records import User


class UserBook:
    """Every look-up takes the same time, however many users there are."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._names: dict[str, str] = {}
        self._emails: dict[str, dict[str, None]] = {}

    def __iter__(self) -> Iterator[User]:
        return iter(self._users.values())

    def __len__(self) -> int:
        return len(self._users)

    def get(self, user_id: str) -> User | None:
        """The user of that id."""
        return self._users.get(user_id)

    def named(self, name: str) -> User | None:
        """The one user whose name or alias this is."""
        user_id = self._names.get(name.casefold())
        return None if user_id is None else self._users[user_id]

    def with_email(self, email: str) -> list[User]:
        """All users with that address; two may share one (§3)."""
        return [self._users[user_id] for user_id in self._emails.get(email.casefold(), ())]

    def add(self, user: User) -> None:
        """A new user. 40003 where another one has the name or an alias."""
        self._claim(user.user_id, (user.username, *user.aliases.values()))
        self._users[user.user_id] = user
        self._address(user)

    def rename(self, user: User, username: str, aliases: dict[str, str]) -> None:
        """Other names for a user. 40003, and nothing changed, where another user has one of them."""
        self._claim(user.user_id, (username, *aliases.values()))
        new = {name.casefold() for name in (username, *aliases.values())}
        for name in (user.username, *user.aliases.values()):
            if name.casefold() not in new:
                self._names.pop(name.casefold(), None)
        user.username, user.aliases = username, aliases

    def readdress(self, user: User, email: str) -> None:
        """Another e-mail address for a user; empty: none."""
        self._unaddress(user)
        user.email = email
        self._address(user)

    def remove(self, user: User) -> None:
        """Forget a user and all their names."""
        del self._users[user.user_id]
        self._unaddress(user)
        for name in (user.username, *user.aliases.values()):
            self._names.pop(name.casefold(), None)

    def _claim(self, user_id: str, names: Iterable[str]) -> None:
        folded = [name.casefold() for name in names]
        if any(self._names.get(name, user_id) != user_id for name in folded):
            raise Failure(40003)
        self._names.update(dict.fromkeys(folded, user_id))

    def _address(self, user: User) -> None:
        if user.email:
            self._emails.setdefault(user.email.casefold(), {})[user.user_id] = None

    def _unaddress(self, user: User) -> None:
        self._emails.get(user.email.casefold(), {}).pop(user.user_id, None)

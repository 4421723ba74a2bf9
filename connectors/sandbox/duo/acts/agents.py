"""What an agent or administrator does at the Admin Panel, and who is in the account to begin with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from connectors.sandbox.duo.acts import person as arrivals
from connectors.sandbox.duo.held import Held, Nobody, phone_numbered, user_named
from connectors.sandbox.duo.issue import issue
from connectors.sandbox.duo.odd.lockout import lock_out, unlock
from connectors.sandbox.duo.odd.wiped_codes import Wanted
from connectors.sandbox.duo.ownership import delete_credential, delete_phone, delete_user
from connectors.sandbox.people import Person

AGENT: Final = "help.desk@example.edu"


class AgentActs(Held):
    """Names that Duo doesn't know raise `Nobody`."""

    def add_person(self, person: Person) -> str:
        """Put somebody into Duo as their profile says; their user id, or nothing where they have no profile."""
        with self._held() as account:
            return "" if person.duo is None else arrivals.add(account, person, person.duo).user_id

    def issue_code(
        self,
        user_name: str,
        *,
        valid_for: timedelta | None = timedelta(hours=1),
        uses: int | None = 1,
        agent: str = AGENT,
    ) -> str:
        """A bypass code from the panel, beside those there are; its digits."""
        wanted = Wanted(count=1, valid_for=valid_for, uses=uses, preserve_existing=True)
        with self._held() as account:
            made = issue(account, user_named(account, user_name), wanted, admin_email=agent, actor=agent)
            return made[0].digits

    def set_status(self, user_name: str, status: str) -> None:
        """Any status, `locked out` and `pending deletion` too."""
        with self._held() as account:
            user = user_named(account, user_name)
            if status == "locked out":
                lock_out(account, user)
            else:
                unlock(account, user, status)

    def set_email(self, user_name: str, email: str) -> None:
        """Another address on file; empty: none."""
        with self._held() as account:
            account.users.readdress(user_named(account, user_name), email)

    def add_to_group(self, user_name: str, group: str) -> None:
        """Make somebody a member; the group is made where there is none."""
        with self._held() as account:
            user_named(account, user_name).group_ids[arrivals.group_named(account, group).group_id] = None

    def set_group_status(self, group: str, status: str) -> None:
        """active, bypass or disabled, for all members; the group is made where there is none."""
        with self._held() as account:
            arrivals.group_named(account, group).status = status

    def set_policy(
        self, application: str, *, blocked: Sequence[str] | None = None, new_user: str | None = None
    ) -> None:
        """Another policy for one application, by its integration key; None leaves a part as it is."""
        with self._held() as account:
            if application not in account.applications:
                raise Nobody(f"no application {application!r} in Duo")
            known = account.applications[application]
            known.blocked = known.blocked if blocked is None else tuple(blocked)
            known.new_user = known.new_user if new_user is None else new_user

    def delete_phone(self, number: str) -> None:
        """Delete a phone, for all its owners."""
        with self._held() as account:
            delete_phone(account, phone_numbered(account, number))

    def delete_key(self, webauthnkey: str) -> None:
        """Delete a security key."""
        with self._held() as account:
            if webauthnkey not in account.credentials:
                raise Nobody("no such key in Duo")
            delete_credential(account, account.credentials[webauthnkey])

    def delete_user(self, user_name: str) -> None:
        """Delete somebody from Duo."""
        with self._held() as account:
            delete_user(account, user_named(account, user_name))

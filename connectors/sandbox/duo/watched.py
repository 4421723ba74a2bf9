"""What can be seen of the account from outside, for whoever compares it with what should be."""

from dataclasses import replace

from connectors.sandbox.duo.held import Held, user_named
from connectors.sandbox.duo.odd.country_less_numbers import e164
from connectors.sandbox.duo.odd.spent_codes import alive
from connectors.sandbox.duo.records import BypassCode, EnrollmentMail, Json, Text
from connectors.sandbox.duo.views import phone_view, user_view


class Watched(Held):
    """Everything here is a copy of how it stood when it was asked for."""

    @property
    def texts(self) -> tuple[Text, ...]:
        """The text messages that reached a phone, oldest first."""
        with self._held() as account:
            return tuple(account.texts)

    @property
    def enrollment_mails(self) -> tuple[EnrollmentMail, ...]:
        """The enrolment mails that Duo sent, oldest first."""
        with self._held() as account:
            return tuple(account.mails)

    def codes(self, user_name: str) -> tuple[BypassCode, ...]:
        """The bypass codes of a user that would still be taken, with their digits."""
        with self._held() as account:
            mine = (account.codes[code_id] for code_id in user_named(account, user_name).code_ids)
            return tuple(replace(code) for code in mine if alive(account, code))

    def all_codes(self) -> tuple[BypassCode, ...]:
        """As `codes`, of everybody."""
        with self._held() as account:
            return tuple(replace(code) for code in account.codes.values() if alive(account, code))

    def user(self, user_name: str) -> Json | None:
        """A user as the API shows them; None where there is none."""
        with self._held() as account:
            found = account.users.named(user_name)
            return None if found is None else user_view(account, found)

    def phone(self, number: str) -> Json | None:
        """A phone as the API shows it, with its owners; None where there is none."""
        with self._held() as account:
            found = account.phones.numbered(e164(number))
            return None if found is None else phone_view(account, found)

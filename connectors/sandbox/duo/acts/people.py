"""What a person does, by user name: at the Duo prompt, with a phone in hand, with a key, with a mail."""

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.acts import devices, login
from connectors.sandbox.duo.acts.events import Prompt
from connectors.sandbox.duo.applications import PORTAL
from connectors.sandbox.duo.held import Held, Nobody, phone_numbered, user_named
from connectors.sandbox.duo.odd.country_less_numbers import e164


class PeopleActs(Held):
    """Names that Duo doesn't know raise `Nobody`; what a real person would see fail is False.

    `application` is the integration key of where it happens, `country` that of the browser.
    """

    def use_code(self, user_name: str, code: str, *, application: str = PORTAL, country: str = "US") -> bool:
        """Type a bypass code at the prompt; whether it was taken (and with it one of its uses)."""
        with self._held() as account:
            return login.use_code(account, user_named(account, user_name), code, _at(account, application, country))

    def approve_push(self, user_name: str, *, application: str = PORTAL, country: str = "US") -> bool:
        """Log in by the app; whether it works."""
        with self._held() as account:
            return login.approve_push(account, user_named(account, user_name), _at(account, application, country))

    def activate(self, user_name: str, number: str, platform: str = "") -> bool:
        """Open the activation link on one of the person's phones; whether one waited there, in time.

        `platform` is what the phone turns out to be; empty: what Duo has, an Android where it has only a guess.
        """
        with self._held() as account:
            user, phone = user_named(account, user_name), phone_numbered(account, number)
            return phone.phone_id in user.phone_ids and devices.activate(account, phone, platform)

    def add_phone(
        self,
        user_name: str,
        number: str,
        platform: str = "apple ios",
        *,
        application: str = PORTAL,
        country: str = "US",
    ) -> bool:
        """Add a phone at "Manage devices" and scan the QR code; False where the number is on another record.

        Who may come so far is `use_code`'s to say. An empty number is a tablet.
        """
        with self._held() as account:
            user, prompt = user_named(account, user_name), _at(account, application, country)
            return devices.add_phone(account, user, e164(number), platform, prompt) is not None

    def register_key(
        self,
        user_name: str,
        label: str = "Security key",
        registered_as: str = "cross-platform",
        *,
        transports: tuple[str, ...] = ("usb",),
        application: str = PORTAL,
        country: str = "US",
    ) -> str:
        """Add a security key or passkey at "Manage devices"; its webauthnkey. `registered_as` platform: a passkey."""
        with self._held() as account:
            user, prompt = user_named(account, user_name), _at(account, application, country)
            key = devices.register_key(
                account, user, prompt, label=label, registered_as=registered_as, transports=transports
            )
            return key.webauthnkey

    def follow_enrollment_link(self, code: str, label: str = "Security key") -> bool:
        """Open the mailed link with that code and register a key; False where the link is dead or helps nobody."""
        with self._held() as account:
            user, prompt = devices.follow_enrollment_link(account, code), _at(account, PORTAL, "US")
            if user is None:
                return False
            devices.register_key(
                account, user, prompt, label=label, registered_as="cross-platform", transports=("usb",)
            )
            return True

    def answer_push(self, user_name: str, result: str = "approve") -> bool:
        """Answer a verification push with approve, deny or fraud; whether one waited."""
        with self._held() as account:
            return devices.answer_push(account, user_named(account, user_name), result)


def _at(account: Account, application: str, country: str) -> Prompt:
    if application not in account.applications:
        raise Nobody(f"no application {application!r} in Duo")
    return Prompt(account.applications[application], country)

"""What a Duo account holds. The keys of users and phones change only through `UserBook` and `PhoneBook`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

Json = dict[str, object]

PLATFORMS: Final = {
    "unknown": "Unknown",
    "google android": "Google Android",
    "apple ios": "Apple iOS",
    "windows phone 7": "Windows Phone",
    "windows phone": "Windows Phone",
    "rim blackberry": "RIM BlackBerry",
    "java j2me": "Java J2ME",
    "palm webos": "Palm webOS",
    "symbian os": "Symbian OS",
    "windows mobile": "Windows Mobile",
    "generic smartphone": "Generic Smartphone",
}
"""Words the API takes and what it answers for them (§5)."""

PHONE_TYPES: Final = {"unknown": "Unknown", "mobile": "Mobile", "landline": "Landline"}


@dataclass
class Group:
    """`status` is active, bypass or disabled, and overrides that of its members."""

    group_id: str
    name: str
    status: str = "active"
    desc: str = ""


@dataclass(frozen=True)
class Token:
    """A hardware token; `type` h6, h8 or yk."""

    token_id: str
    serial: str
    type: str = "h6"


@dataclass
class Credential:
    """A WebAuthn credential: a security key or a passkey."""

    webauthnkey: str
    user_id: str
    credential_name: str
    date_added: datetime
    registered_as: str = "cross-platform"  # platform, cross-platform, unknown
    transports: tuple[str, ...] = ("usb",)
    date_last_used: datetime | None = None


@dataclass
class BypassCode:
    """One code; `expiration` None never expires, `remaining_uses` None is unlimited."""

    bypass_code_id: str
    user_id: str
    digits: str = field(repr=False)
    created: datetime
    expiration: datetime | None
    remaining_uses: int | None
    admin_email: str = ""

    def lapsed(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expiration is not None and self.expiration <= now

    @property
    def spent(self) -> bool:
        """Whether its uses are over."""
        return self.remaining_uses == 0


@dataclass(frozen=True)
class Activation:
    """A Duo Mobile activation that waits for its phone; `token` is the end of its link."""

    token: str = field(repr=False)
    expires: datetime


@dataclass
class Phone:
    """A phone; `type` and `platform` are the words of the tables above. Without a number it is a tablet."""

    phone_id: str
    number: str = ""  # E.164
    extension: str = ""
    name: str = ""
    type: str = "unknown"
    platform: str = "unknown"
    predelay: str = ""
    postdelay: str = ""
    model: str = ""
    activated: bool = False
    sms_passcodes_sent: bool = False
    last_seen: datetime | None = None
    activation: Activation | None = None
    user_ids: dict[str, None] = field(default_factory=dict)  # in the order in which they were attached


@dataclass
class User:
    """A user with what they own, by id and in the order in which it came."""

    user_id: str
    username: str
    created: datetime
    aliases: dict[str, str] = field(default_factory=dict)  # alias1 … alias8
    email: str = ""
    realname: str = ""
    firstname: str = ""
    lastname: str = ""
    notes: str = ""
    status: str = "active"
    lockout_reason: str | None = None
    failed_attempts: int = 0
    last_login: datetime | None = None
    tokens: list[Token] = field(default_factory=list)
    group_ids: dict[str, None] = field(default_factory=dict)
    phone_ids: dict[str, None] = field(default_factory=dict)
    code_ids: dict[str, None] = field(default_factory=dict)
    webauthnkeys: dict[str, None] = field(default_factory=dict)


@dataclass
class VerificationPush:
    """A push that asks the user whether they are talking to the help desk (§12)."""

    push_id: str
    user_id: str
    phone_id: str
    sent: datetime
    confirmation_code: str = field(repr=False)
    result: str = "waiting"  # approve, deny, fraud


@dataclass(frozen=True)
class Text:
    """A text message that reached a phone; `link` is empty where it carries none. `kind`: what it is for."""

    at: datetime
    number: str
    kind: str  # activation, installation, passcodes
    body: str = field(repr=False)
    link: str = field(default="", repr=False)
    expires: datetime | None = None


@dataclass(frozen=True)
class EnrollmentMail:
    """A mail with an enrolment link; `expires` None: never."""

    at: datetime
    to: str
    user_id: str
    username: str
    code: str = field(repr=False)
    link: str = field(repr=False)
    expires: datetime | None = None

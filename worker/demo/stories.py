"""Who files what in the demonstration, and what staff do about it. Nothing here decides: the worker does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.sandbox.people import Person
from connectors.sandbox.servicenow import ServiceNow
from connectors.sandbox.servicenow.acts.filing import Filed as FiledAtServiceNow
from connectors.sandbox.teamdynamix import Filed as FiledAtTeamDynamix
from connectors.sandbox.teamdynamix import TeamDynamix
from connectors.sandbox.world import Sandbox

DUO_MOBILE, SECURITY_KEY = "Duo Mobile", "Security key"
EARLIER = timedelta(minutes=20)
IDENTITY, APPROVER, AGENT, TECHNICIAN = "identity.ines", "approver.ada", "desk.dana", "technician.tom"
STRANGERS_NUMBER = "+14805550999"

HelpSite = ServiceNow | TeamDynamix
Filed = FiledAtServiceNow | FiledAtTeamDynamix
Act = Callable[[HelpSite, Filed, Person], None]


@dataclass(frozen=True)
class Story:
    """One request: what it is about, the person (kind and place among them), their answers, what staff do."""

    about: str
    kind: str
    place: int = 0
    device: str = DUO_MOBILE
    number: str = ""  # "own": the one on the help site's record
    preferred: str = ""
    phone_os: str = "Android"
    opener: str | None = None
    approval: str = "not requested"
    before: Act | None = None  # staff, or the person, before the worker sees it
    reacts: Literal["enrols", "comments", "never"] = "enrols"  # what the person does with what was delivered

    def file(self, sandbox: Sandbox, site: HelpSite, now: datetime) -> Filed:
        """The request, filed twenty minutes ago; staff have acted on it since."""
        person = sandbox.person(self.kind, self.place)
        answers = {
            "device_type": self.device,
            "mobile_number": person.number if self.number == "own" else self.number,
            "phone_os": self.phone_os,
            "preferred_method": self.preferred,
        }
        filed = site.file_request(person, answers, opener=self.opener, approval=self.approval, at=now - EARLIER)
        if self.before is not None:
            self.before(site, filed, person)
        return filed


def verified(site: HelpSite, filed: Filed, _person: Person) -> None:
    """The identity desk has seen a photo ID."""
    site.work_note(filed.task.number, IDENTITY, "#verified photo-id-video")


def approved(site: HelpSite, filed: Filed, _person: Person) -> None:
    """A supervisor approves."""
    site.approve(filed.item.number, APPROVER)


def rejected(site: HelpSite, filed: Filed, _person: Person) -> None:
    """A supervisor rejects."""
    site.reject(filed.item.number, APPROVER)


def own_note(site: HelpSite, filed: Filed, person: Person) -> None:
    """Somebody with a stolen password claims to have been verified, where they can write: in a comment."""
    site.comment(filed.task.number, person.user_name, "#verified photo-id-in-person")


def number_known(site: HelpSite, _filed: Filed, person: Person) -> None:
    """Human resources has the person's number, where they can't edit it."""
    site.set_user(person.user_name, u_hr_phone=person.number)


def taken(site: HelpSite, filed: Filed, _person: Person) -> None:
    """A technician takes it by hand."""
    site.assign(filed.task.number, TECHNICIAN)


# fmt: off
STORIES = (
    Story("got texts on a smartphone that is on record", "never_activated"),
    Story("as well, and Duo doesn't know what phone it is", "platform_unknown", phone_os="iPhone"),
    Story("wants a code, showed a photo ID on video", "never_activated", 1, preferred="bypass_code", before=verified),
    Story("no phone on record, the number is HR's", "no_phone", number="own", before=number_known),
    Story("wants a security key, has a second address", "personal_address", device=SECURITY_KEY),
    Story(
        "wants a key, supervisor approved", "platform_unknown", 1, SECURITY_KEY, approval="requested", before=approved
    ),
    Story(
        "no device, wants a link for a key",
        "no_phone",
        1,
        SECURITY_KEY,
        preferred="enrollment_link",
        approval="requested",
        before=approved,
    ),
    Story("wants a key, never opens the mail", "personal_address", 2, SECURITY_KEY, reacts="never"),
    Story("writes on the ticket that the link doesn't work", "never_activated", 2, reacts="comments"),
    Story("lost the phone the app works on, ID seen", "working_app", device=SECURITY_KEY, before=verified),
    Story(
        "the service desk filed it, ID seen by a colleague",
        "two_aliases",
        opener=AGENT,
        preferred="bypass_code",
        before=verified,
    ),
    Story("ATTACKER with a stolen password, own number", "two_aliases", 1, number=STRANGERS_NUMBER, before=own_note),
    Story("the app works; wants another code", "working_app", 1, preferred="bypass_code"),
    Story("an administrator of Duo", "privileged"),
    Story("disabled in Duo", "disabled"),
    Story("in bypass status", "bypass"),
    Story("locked out in Duo", "locked_out"),
    Story("shares the phone with a colleague", "phone_sharer", number="own"),
    Story("typed a landline", "landline", number="own"),
    Story("typed a number without country", "never_logged_in", number="555-0142"),
    Story("isn't in Duo", "no_duo_user"),
    Story("never logged in with Duo, wants a key", "never_logged_in", 1, SECURITY_KEY),
    Story("supervisor said no", "personal_address", 1, SECURITY_KEY, approval="requested", before=rejected),
    Story("a technician took it by hand", "security_key", device=SECURITY_KEY, before=taken),
)
# fmt: on

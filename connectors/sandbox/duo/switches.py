"""What the Admin API facts call unconfirmed, or what differs between accounts; each may be changed at any time.

The defaults are what the facts think likeliest; where they have no opinion, what is hardest on a client.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Grant(StrEnum):
    """A permission of the Admin API application, under the name of its flag (§1)."""

    READ_RESOURCE = "adminapi_read_resource"
    WRITE_RESOURCE = "adminapi_write_resource"
    READ_LOG = "adminapi_read_log"
    SETTINGS = "adminapi_settings"


@dataclass
class Switches:
    """A code stands for "refused with it", `None` in its place for "allowed"."""

    clock_skew: timedelta | None = timedelta(minutes=5)  # §2; None: dates aren't judged, as with a simulated clock
    retry_after: timedelta | None = None  # §10: told with 42901
    page_cap: int | None = None  # §1: no page is longer, whatever was asked
    missing_parameter: int = 40001  # §10

    spent_codes_listed: bool = False  # §4
    lapsed_codes_listed: bool = False  # as above, for those past their expiration
    bypass_conflict: int = 50001  # §4: a 101st code, or one that the user has already, with preserve_existing
    api_admin_email: str = ""  # §4: of a code that was made through the API

    unknown_phone: int = 40002  # §5: activation while type or platform is Unknown
    repeated_activation: int | None = None  # §5: while an earlier link is alive
    texts_arrive: bool = True  # §5: activation texts where policy blocks SMS authentication

    enroll_without_device: int | None = None  # §6
    enroll_with_device: int | None = 40002  # §6
    sparse_credentials: bool = False  # §7: only the four fields that every client models

    authentication_lag: timedelta = timedelta(minutes=2)  # §8
    telephony_lag: timedelta = timedelta(minutes=2)  # not told by the facts: a client that waits is right either way
    api_actor: str = "API"  # §8: who the administrator log says an API call was

    policy_lists_as_text: bool = False  # §9
    lockout_threshold: int = 10  # §9
    lockout_expires_after: timedelta | None = None  # §9 lockout_expire_duration; None: an administrator unlocks

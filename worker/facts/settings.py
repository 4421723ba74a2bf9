"""The keys of `[policy]`, `[duo]` and `[mail]` that the gatherers need, as config.example.toml explains them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class PolicySettings:
    """Under the configuration's own names; `codes_per_person` and `per_opener` are the counts of their windows."""

    require_proof: bool
    identity_groups: tuple[str, ...]
    identity_methods: tuple[str, ...]
    same_login_domains: tuple[str, ...]
    service_desk_groups: tuple[str, ...]
    codes_per_person: int
    per_opener: int
    max_request_age: timedelta
    phone_regions: tuple[str, ...]
    match_by_email: bool
    retire_dead_phones: bool
    retire_check_applications: tuple[str, ...]
    create_users: bool
    notice_copy: str

"""Switches of the configuration, and what Duo says about its own policy."""

from datetime import datetime

from rules.facts import Policy
from worker.directory import Directory
from worker.facts.in_duo import InDuo
from worker.facts.settings import PolicySettings


def about_policy(settings: PolicySettings, directory: Directory, in_duo: InDuo, now: datetime) -> Policy:
    return Policy(
        require_proof=settings.require_proof,
        create_users=settings.create_users,
        retire_dead_phones=settings.retire_dead_phones,
        retire_is_safe=in_duo.denies_new_users,
        directory_fresh=directory.fresh(now),
    )

"""Thresholds of `[policy]`."""

from rules.facts import Limits
from worker.facts.settings import PolicySettings


def about_limits(settings: PolicySettings) -> Limits:
    return Limits(
        codes_per_person=settings.codes_per_person,
        per_opener=settings.per_opener,
        max_request_age=settings.max_request_age,
    )

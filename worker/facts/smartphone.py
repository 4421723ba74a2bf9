"""The one phone on record that an activation link would be texted to."""

from rules.facts import Smartphone
from worker.facts.in_duo import InDuo
from worker.facts.phones import platform_known


def about_smartphone(in_duo: InDuo, made_phone_ids: frozenset[str]) -> Smartphone:
    phone = in_duo.smartphone
    if phone is None:
        return Smartphone(ambiguous=len(in_duo.usable) > 1)
    return Smartphone(
        found=True,
        id=phone.phone_id,
        activated=phone.activated,
        platform_known=platform_known(phone),
        shared=len(set(phone.user_ids)) > 1,
        made_by_worker=phone.phone_id in made_phone_ids,
    )

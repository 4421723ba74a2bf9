"""The configuration as the values that the worker's parts take: one function each, nothing read or built."""

from worker.facts.settings import PolicySettings
from worker.settings import Settings
from worker.tickets.servicenow import States, TicketSettings, Variables
from worker.windows import FollowUp
from worker.worker import Delivery


def ticket_settings(settings: Settings) -> TicketSettings:
    """What this instance calls things."""
    servicenow, policy = settings.servicenow, settings.policy
    return TicketSettings(
        catalog_items=servicenow.catalog_items,
        hold_group=servicenow.hold_group,
        reset_items=servicenow.reset_items,
        write_to=servicenow.write_to,
        passphrase_field=servicenow.passphrase_field,
        username=servicenow.username,
        variables=Variables(**servicenow.variables.model_dump()),
        choices={"device": servicenow.choices.device},
        states=States(**servicenow.states.model_dump()),
        phone_regions=policy.phone_regions,
        trusted_number_fields=policy.trusted_number_fields,
        trusted_address_fields=policy.trusted_address_fields,
    )


def policy(settings: Settings) -> PolicySettings:
    """What the gatherers of facts need."""
    policy = settings.policy
    return PolicySettings(
        require_proof=policy.require_proof,
        identity_groups=policy.identity_groups,
        identity_methods=policy.identity_methods,
        same_login_domains=policy.same_login_domains,
        service_desk_groups=policy.service_desk_groups,
        codes_per_person=policy.codes_per_person.count,
        per_opener=policy.per_opener.count,
        max_request_age=policy.max_request_age,
        phone_regions=policy.phone_regions,
        match_by_email=policy.match_by_email,
        retire_dead_phones=policy.retire_dead_phones,
        retire_check_applications=policy.retire_check_applications,
        create_users=settings.duo.create_users,
        notice_copy=settings.mail.notice_copy,
    )


def delivery(settings: Settings) -> Delivery:
    """How codes and links are issued and delivered."""
    policy, pusher, servicenow = settings.policy, settings.password_pusher, settings.servicenow
    return Delivery(
        code_valid=policy.code_valid,
        code_uses=policy.code_uses,
        activation_valid=policy.activation_valid,
        enrollment_valid=policy.enrollment_valid,
        expire_after_days=pusher.expire_after_days,
        expire_after_views=pusher.expire_after_views,
        codes_per_hour=policy.codes_per_hour,
        phones_per_hour=policy.phones_per_hour,
        passphrase=policy.passphrase,
        passphrase_field=servicenow.passphrase_field,
        comments_are_mailed=servicenow.comments_are_mailed,
        sender_domain=settings.mail.sender.rpartition("@")[2].strip("> "),
    )


def follow_up(settings: Settings) -> FollowUp:
    """When a delivered request is looked at."""
    follow = settings.follow_up
    return FollowUp(
        check_after=follow.check_after,
        remind_after=follow.remind_after,
        give_up_after=follow.give_up_after,
        closes=follow.on_give_up == "close_incomplete",
        expected_countries=settings.policy.expected_countries,
    )

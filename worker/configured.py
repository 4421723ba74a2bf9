"""The configuration as the values that the worker's parts take: one function each, nothing read or built."""

from datetime import timedelta

from worker.facts.settings import PolicySettings
from worker.settings import Settings
from worker.settings.teamdynamix import App
from worker.tickets import servicenow as servicenow_tickets
from worker.tickets import teamdynamix as teamdynamix_tickets
from worker.windows import FollowUp
from worker.worker import Delivery


def servicenow(settings: Settings) -> servicenow_tickets.TicketSettings:
    """What this instance calls things."""
    table, policy = settings.servicenow, settings.policy
    return servicenow_tickets.TicketSettings(
        catalog_items=table.catalog_items,
        hold_group=table.hold_group,
        reset_items=table.reset_items,
        write_to=table.write_to,
        passphrase_field=table.passphrase_field,
        username=table.username,
        variables=servicenow_tickets.Variables(**table.variables.model_dump()),
        choices={"device": table.choices.device},
        states=servicenow_tickets.States(**table.states.model_dump()),
        phone_regions=policy.phone_regions,
        trusted_number_fields=policy.trusted_number_fields,
        trusted_address_fields=policy.trusted_address_fields,
    )


def teamdynamix(settings: Settings) -> teamdynamix_tickets.TicketSettings:
    """What this tenant calls things."""
    table, policy = settings.teamdynamix, settings.policy
    return teamdynamix_tickets.TicketSettings(
        apps=tuple(_app(app) for app in table.apps),
        hold_group=table.hold_group,
        user_name_field=table.user_name_field,
        strip_domain=table.strip_domain,
        login_domains=policy.same_login_domains,
        comments_are_mailed=table.comments_are_mailed,
        pending_needs_date=table.pending_needs_date,
        hold_for=settings.follow_up.give_up_after + timedelta(days=1),
        search_limit=table.search_limit,
        choices={"device": table.choices.device},
        phone_regions=policy.phone_regions,
        trusted_number_fields=policy.trusted_number_fields,
        trusted_address_fields=policy.trusted_address_fields,
    )


def _app(app: App) -> teamdynamix_tickets.App:
    return teamdynamix_tickets.App(
        id=app.id,
        forms=app.forms,
        reset_forms=app.reset_forms,
        statuses=teamdynamix_tickets.Statuses(**app.statuses.model_dump()),
        attributes=teamdynamix_tickets.Attributes(**app.attributes.model_dump()),
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
    policy, pusher = settings.policy, settings.password_pusher
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
        passphrase_field=settings.passphrase_field,
        comments_are_mailed=settings.tickets_table.comments_are_mailed,
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

"""The steps that carry out a decided option, by name and in order."""

from rules.facts import Facts
from rules.rows import ADD_PHONE, CODE_OPTIONS


def plan(option: str, then: str, facts: Facts) -> tuple[str, ...]:
    """What the worker does for `option` (`then` follows mobile.add_phone), as of `facts`.

    The person is told (`notice`) before anything is changed in Duo or issued. Phones are taken off the record only
    for an enrolment link, which Duo mails to nobody who has a device.
    """
    add_phone = option == ADD_PHONE
    delivered = then if add_phone else option
    return (
        "take",
        "notice",
        *(() if facts.user.found else ("create_user",)),
        *(("create_phone", "attach_phone") if add_phone else ()),
        *(
            ("set_platform",)
            if option == "mobile.activation_link" and not facts.usable_smartphone.platform_known
            else ()
        ),
        *(("detach_phones",) if option == "key.enrollment_link" and facts.user.has_device else ()),
        *_delivery(delivered),
        "tell_delivered",
    )


def _delivery(option: str) -> tuple[str, ...]:
    if option in CODE_OPTIONS:
        return ("code_in_push", "link_mail")
    return {"mobile.activation_link": ("activation_text",), "key.enrollment_link": ("enrollment_mail",)}[option]

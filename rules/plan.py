"""The steps that carry out a decided option, by name and in order."""

from rules.facts import OPTIONS, Facts
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


def given(option: str, then: str) -> str:
    """What the person gets by `option`: bypass_code, activation_link or enrollment_link; empty where it is none."""
    return (then if option == ADD_PHONE else option).partition(".")[2]


def _delivery(option: str) -> tuple[str, ...]:
    if option in CODE_OPTIONS:
        return ("code_in_push", "link_mail")
    return {"mobile.activation_link": ("activation_text",), "key.enrollment_link": ("enrollment_mail",)}[option]


def possible(option: str, then: str) -> frozenset[str]:
    """Every step that a plan for `option` may have, whatever the facts."""
    return frozenset(
        {
            "take",
            "notice",
            "create_user",
            *(("create_phone", "attach_phone") if option == ADD_PHONE else ()),
            *(("set_platform",) if option == "mobile.activation_link" else ()),
            *(("detach_phones",) if option == "key.enrollment_link" else ()),
            *_delivery(then if option == ADD_PHONE else option),
            "tell_delivered",
        }
        if option in OPTIONS
        else ()
    )


ISSUING = frozenset(
    {
        "take",
        "notice",
        "create_user",
        "create_phone",
        "attach_phone",
        "set_platform",
        "detach_phones",
        "code_in_push",
        "link_mail",
        "activation_text",
        "enrollment_mail",
        "tell_delivered",
    }
)
"""Steps that bring something about, as against those that undo or tell."""

"""Made-up requests that between them reach every branch of every text, to proof-read with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.secret import Secret
from worker.texts.context import TextContext

NOON = datetime(2026, 11, 24, 15, 4, tzinfo=UTC)

SAMPLE = TextContext(
    ticket="SCTASK0010001",
    now=NOON,
    first_name="Ana",
    row="verified-at-the-desk",
    reason="identity was checked at the desk and no working factor is left",
    proof=("desk: #verified photo-id-in-person by a member of Identity Desk, 2026-11-24 14:51 UTC",),
    done=("bypass code made for user DUXXXXXXXXXXXXXXXXXX",),
    number_ending="42",
    address_hint="a…@example.edu",
    link=Secret("https://pwpush.example.edu/p/sample-token/r"),
    code_valid_until=NOON + timedelta(hours=8),
    activation_until=NOON + timedelta(hours=1),
    enrollment_until=NOON + timedelta(days=1),
    device="Duo Mobile on your phone ending in 42",
    evidence=("phone DPXXXXXXXXXXXXXXXXXX activated, seen 2026-11-24 15:31 UTC",),
    tried=("mobile.bypass_code, 2026-11-17 15:04 UTC",),
    undone=("bypass code DBXXXXXXXXXXXXXXXXXX revoked", "push deleted"),
    left_alive=("activation link texted to the number ending in 42, until 2026-11-24 16:04 UTC",),
    do="check the person's identity, then Admin Panel > Users > the person > Bypass Codes > Add Bypass Code",
    worker_account="duo.worker",
    identity_methods=("photo-id-in-person", "photo-id-video"),
)
WAYS = (
    ("mobile.bypass_code", ""),
    ("mobile.activation_link", ""),
    ("mobile.add_phone", "mobile.activation_link"),
    ("mobile.add_phone", "mobile.bypass_code"),
    ("key.bypass_code", ""),
    ("key.enrollment_link", ""),
    ("", ""),
)


def samples() -> Iterator[tuple[str, TextContext]]:
    """Each with a name."""
    for option, then in WAYS:
        name = f"{option or 'no option'}{f' then {then}' if then else ''}"
        one = replace(SAMPLE, option=option, then=then)
        yield name, replace(one, passphrase_at="field", channels=2)
        yield f"{name}, one use, one channel", replace(one, code_uses=1, push_expires_views=1, first_name="")
        yield (
            f"{name}, passphrase on the ticket",
            replace(one, passphrase_at="ticket", passphrase=Secret("SAMPLEPHRASE"), channels=2),
        )
        yield f"{name}, lapsed", replace(one, now=NOON + timedelta(days=2), give_up_closes=True)
    yield "nothing known", TextContext()
    yield (
        "proof and guards switched off",
        replace(SAMPLE, proof=(), proof_required=False, guards_off=("old-request", "recent-reset")),
    )
    yield "a new factor", replace(SAMPLE, new_factor="A security key", other_ticket="SCTASK0010000")
    yield "a link that was opened", replace(SAMPLE, option="key.bypass_code", link_opened=True)
    unusual = "a device of another kind than was asked for was added"
    yield "a new factor to be looked at", replace(SAMPLE, new_factor="A passkey", unusual=unusual)

"""Whether a text arrives isn't Duo's to say: the call answers OK either way (§5; a switch)."""

from datetime import datetime

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.records import Json, Phone, Text


def send(
    account: Account, phone: Phone, kind: str, body: str, *, link: str = "", expires: datetime | None = None
) -> None:
    """Text a phone, and write the telephony log; where texts don't arrive, neither happens."""
    if not account.switches.texts_arrive:
        return
    now, telephony_id = account.now(), account.new_uuid()
    account.texts.append(Text(now, phone.number, kind, body, link, expires))
    row: Json = {
        "context": "enrollment",
        "credits": 1,
        "phone": phone.number,
        "telephony_id": telephony_id,
        "ts": now.isoformat(),
        "txid": account.new_uuid(),
        "type": "sms",
    }
    account.telephony_log.add(now, telephony_id, row)

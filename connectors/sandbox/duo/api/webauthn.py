"""WebAuthn credentials (§7): listed, read and deleted, never created here: that needs the user's browser."""

from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.duo.ownership import delete_credential
from connectors.sandbox.duo.paging import Page, page
from connectors.sandbox.duo.records import Credential, Json
from connectors.sandbox.duo.views import credential_view

MOST: Final = 500


def of_user(account: Account, call: Call) -> Page:
    """One user's credentials."""
    return _page(account, call, [account.credentials[key] for key in account.user(call.ids[0]).webauthnkeys])


def listing(account: Account, call: Call) -> Page:
    """Everybody's."""
    return _page(account, call, list(account.credentials.values()))


def one(account: Account, call: Call) -> Json:
    """One credential."""
    credential = account.credentials.get(call.ids[0])
    if credential is None:
        raise Failure(40401)
    return credential_view(account, credential)


def delete(account: Account, call: Call) -> str:
    """No error where it is gone already."""
    credential = account.credentials.get(call.ids[0])
    if credential is not None:
        delete_credential(account, credential)
        account.record("webauthncredential_delete", credential.credential_name, {"webauthnkey": call.ids[0]})
    return ""


def _page(account: Account, call: Call, credentials: list[Credential]) -> Page:
    def show(credential: Credential) -> Json:
        return credential_view(account, credential)

    return page(credentials, call.parameters, show, most=MOST, cap=account.switches.page_cap)

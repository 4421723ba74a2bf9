"""`[support]`: whom people can turn to, and the texts they get."""

from pydantic import Field

from worker.settings.addresses import OptionalUrl
from worker.settings.paths import OptionalPath
from worker.settings.table import SomeText, Table


class Support(Table):
    """Whom people can turn to, and the texts they get."""

    phone: SomeText = Field("480-731-8632", description="The help desk's phone number.")
    site: SomeText = Field("help.maricopa.edu", description="The help desk's web site.")
    manage_devices_url: OptionalUrl = Field(
        "",
        description="Address of Duo's device management portal. Empty: people go through an application's Duo prompt.",
    )
    texts: OptionalPath = Field(
        None, description="Folder whose files replace the shipped texts one by one. Empty: none."
    )

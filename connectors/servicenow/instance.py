"""One ServiceNow instance as one account sees it, by pysnow.

A pysnow resource that two threads share reads with the other's query and writes to the other's record (ServiceNow
facts §7): every call takes a fresh one.
"""

import threading
import warnings
from datetime import timedelta
from urllib.parse import urlsplit

from connectors.errors import Misconfigured
from connectors.gate import Gate
from connectors.servicenow.auth import Credentials
from connectors.servicenow.batch import Batch
from connectors.servicenow.failures import SYSTEM
from connectors.servicenow.query import field_name
from connectors.servicenow.session import Session

with warnings.catch_warnings():  # it misses libmagic, which is for attachments; none are sent here
    warnings.filterwarnings("ignore", "Missing the python-magic", UserWarning)
    import pysnow


class Instance:
    """Where to call and how. Safe to share between threads.

    `url` is https://HOST[:PORT]; `timeout` is how long an answer may take, which should be more than the 60 s after
    which the instance itself gives up; an empty `ca_file` stands for the usual authorities; `stop` ends the pauses
    between reads; `page_size` is the most rows that a call brings. With `beside` writes that come due at the same time
    are one call, and each of them passes it, besides the gate of the call; None: every write is a call of its own.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        gate: Gate,
        stop: threading.Event,
        timeout: timedelta = timedelta(seconds=75),
        ca_file: str = "",
        page_size: int = 200,
        beside: Gate | None = None,
    ) -> None:
        where = urlsplit(url)
        if where.scheme != "https" or not where.netloc or where.path.strip("/") or "@" in where.netloc:
            raise Misconfigured(SYSTEM, "url in [servicenow] must be https://HOST")
        self.page_size = page_size
        self.stop = stop
        self._session = Session(f"https://{where.netloc}", credentials, gate=gate, timeout=timeout, ca_file=ca_file)
        self._client = pysnow.Client(host=where.netloc, session=self._session)
        self.batch = None if beside is None else Batch(self._session, gate, beside)

    def table(self, name: str) -> pysnow.Resource:
        """A resource of one table, for one call."""
        return self._client.resource(api_path=f"/table/{field_name(name)}")

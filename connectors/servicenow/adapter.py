"""A transport for requests that tells "never sent" from "sent, and the answer is missing"."""

import ssl
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

CONNECTIONS: Final = 16  # kept open; more threads than that open a further one for each call


class Adapter(HTTPAdapter):
    """requests' own, without repeats: it fails with `NewConnectionError` until a request can be sent."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by requests to make its pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": _Pool}


class _Pool(HTTPSConnectionPool):
    """Connecting and the TLS handshake are one step, in which nothing of a request is sent."""

    def _validate_conn(self, conn: HTTPConnection) -> None:  # type: ignore[override]  # its type isn't public
        try:
            super()._validate_conn(conn)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise NewConnectionError(conn, f"no TLS connection: {type(error).__name__}") from error

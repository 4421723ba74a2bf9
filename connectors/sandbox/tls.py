"""Certificates for the stand-ins: one authority, one server certificate for this machine's loopback names."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """`server` is what a stand-in serves with; a client trusts it through `ca_file`."""

    server: ssl.SSLContext
    ca_file: Path


def certificates(folder: Path) -> Certificates:
    """A fresh authority, its certificate written to `folder`/ca.pem; no private key touches a disk for long."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    certificate.configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return Certificates(context, ca_file)

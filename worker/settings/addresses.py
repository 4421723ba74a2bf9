"""Addresses in the configuration: of web sites, hosts and what the worker itself listens on."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
MAILBOX = re.compile(r"[^@\s<>\",;:]{1,64}@[A-Za-z0-9.-]{1,253}")
WEB = re.compile(r"https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")


def https(value: str) -> str:
    """An `https://` address without user name, query and trailing slash."""
    if not WEB.fullmatch(value) or not HOST.fullmatch(urlsplit(value).hostname or ""):
        raise ValueError("must be an https:// address without user name and query")
    return value.rstrip("/")


def https_or_none(value: str) -> str:
    """As `https`, or empty."""
    return https(value) if value else value


def host(value: str) -> str:
    """A host name or IPv4 address, without scheme, port and path."""
    if not HOST.fullmatch(value):
        raise ValueError("must be a host name alone, without https://, port and path")
    return value


def domain(value: str) -> str:
    """A mail domain, in lower case."""
    if not HOST.fullmatch(value) or "." not in value:
        raise ValueError('must be mail domains such as "example.edu", without @')
    return value.lower()


def mailbox(value: str) -> str:
    """`name@domain`, or empty."""
    if value and not MAILBOX.fullmatch(value):
        raise ValueError("must be one mail address")
    return value


def named_mailbox(value: str) -> str:
    """`name@domain` or `Name <name@domain>`."""
    name, opened, address = value.rpartition("<")
    if opened and not (address.endswith(">") and name.isprintable() and not set(name) & set('<>"')):
        raise ValueError('must be an address such as "Duo enrolment <no-reply@example.edu>"')
    if not MAILBOX.fullmatch(address.removesuffix(">") if opened else address):
        raise ValueError('must be an address such as "Duo enrolment <no-reply@example.edu>"')
    return value


def loopback(value: str) -> str:
    """`address:port` on this machine's loopback, or empty."""
    address, _, port = value.rpartition(":")
    if not value:
        return value
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError('must be an address and a port, such as "127.0.0.1:8350"')
    if address != "localhost" and not _is_loopback(address.strip("[]")):
        raise ValueError("must be a loopback address such as 127.0.0.1, because nothing here asks who is reading")
    return value


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


Url = Annotated[str, AfterValidator(https)]
OptionalUrl = Annotated[str, AfterValidator(https_or_none)]
Host = Annotated[str, AfterValidator(host)]
Port = Annotated[int, Field(ge=1, le=65535)]
Domain = Annotated[str, AfterValidator(domain)]
OptionalMailbox = Annotated[str, AfterValidator(mailbox)]
NamedMailbox = Annotated[str, AfterValidator(named_mailbox)]
Listen = Annotated[str, AfterValidator(loopback)]

"""What a call says about itself beside its request: token, language, and the address that it comes from."""

import hashlib
import ipaddress
import urllib.parse
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from tashika_server.domain.reasons import Reason, refuse

LANGUAGES = ("ja", "en")

# A token of ours has about 90 characters; nothing longer is worth a look-up.
_MAX_TOKEN_CHARACTERS = 256
SOURCE_KEY = "tashika-source"
"""Where a person is who came through the SSH host: an address, in that host's calls only."""

# Browsers send a handful of languages; more than this is no preference.
_MAX_LANGUAGES = 16

Metadata = Iterable[tuple[str, str | bytes]]


class Heading(NamedTuple):
    """The call's metadata as far as they matter: ``token`` and ``language`` are empty where none was sent.

    ``source`` is what the call says of where the person is; only the SSH host is believed.
    """

    token: str
    language: str
    authorized: bool
    source: str = ""


def read_metadata(metadata: Metadata) -> Heading:
    """Read the bearer token and the language. Never raises: ``Heading.bearer`` judges the token."""
    tokens: list[str] = []
    language = source = ""
    for name, value in metadata:
        if name == "authorization" and isinstance(value, str):
            tokens.append(value)
        elif name == "accept-language" and isinstance(value, str) and not language:
            language = preferred_language(value)
        elif name == SOURCE_KEY and isinstance(value, str):
            source = value
    token = tokens[0] if len(tokens) == 1 else ""
    return Heading(token, language, bool(tokens), source)


def bearer(heading: Heading) -> str:
    """Give the bearer token (RFC 6750), empty where the call brings no authorization at all.

    Raises ``RefusedError`` with UNAUTHENTICATED for another scheme, two headers, or something over-long:
    whoever sends credentials that can't be read must not be taken for an anonymous caller.
    """
    if not heading.authorized:
        return ""
    scheme, _, token = heading.token.partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _MAX_TOKEN_CHARACTERS:
        raise refuse(Reason.UNAUTHENTICATED)
    return token


@lru_cache(maxsize=256)
def preferred_language(header: str) -> str:
    """Give ``ja`` or ``en``, whichever ``accept-language`` likes better (RFC 9110); empty for neither."""
    best, best_weight = "", 0.0
    for item in header.split(",", _MAX_LANGUAGES)[:_MAX_LANGUAGES]:
        tag, _, parameters = item.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0


def peer_name(peer: str, auth_context: Mapping[str, Iterable[bytes]]) -> str:
    """Give where a call comes from, without its port.

    A client certificate names its holder better than an address does: ``certificate:`` and 32 digits of its
    SHA-256. Otherwise an IPv4 address, the /64 of an IPv6 address (a household or a machine has at least that
    many, so single addresses would count nobody; an IPv4 address in IPv6 clothes is undressed), or ``unix``.
    """
    for pem in auth_context.get("x509_pem_cert", ()):
        return "certificate:" + hashlib.sha256(pem).hexdigest()[:32]
    kind, _, rest = urllib.parse.unquote(peer).partition(":")
    if kind not in ("ipv4", "ipv6"):
        return "unix" if kind.startswith("unix") else "unknown"
    return _place(rest.rpartition(":")[0].strip("[]")) or "unknown"


def forwarded_name(source: str) -> str:
    """Give where a person is who came through the SSH host, as ``peer_name`` writes it.

    What is no address, or is missing, is one place for all, so that its failures count all the more.
    """
    return _place(source) or "ssh-host"


def _place(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.IPv6Network((address, 64), strict=False))

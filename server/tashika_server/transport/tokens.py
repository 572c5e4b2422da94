"""Tokens: of a session, and for viewing one certificate.

A token that leaks should be found before it is used: its prefix and its checksum let scanners of mail and
source code tell it from any other text.
"""

import base64
import binascii
import hmac
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tashika_server.application.ports import Clock, Vault
from tashika_server.domain.reasons import Reason, refuse

SESSION_PREFIX = "tsk"
VIEWING_PREFIX = "tsv"

SECRET_BYTES = 32
VIEWING_TIME = timedelta(minutes=10)
"""Long enough to look at a certificate and download it, short enough that a token in a log is worth nothing."""

_ID = "[0-9A-HJKMNP-TV-Z]{26}"
# The secret is base64url without padding, which may hold an underscore itself: hence its fixed length.
_SESSION = re.compile(rf"{SESSION_PREFIX}_({_ID})_([A-Za-z0-9_-]{{43}})_([0-9a-f]{{8}})")
_VIEWING = re.compile(rf"{VIEWING_PREFIX}1_([A-Za-z0-9_-]{{1,200}})_([A-Za-z0-9_-]{{43}})")

_SESSION_ID_PREFIX = "ses_"


class TokenError(ValueError):
    """What came is not a token at all: of another form, or with a wrong checksum. It is never quoted."""


@dataclass(frozen=True, slots=True)
class SessionToken:
    """The id of a session and the secret that proves it. Whether it is right, only the store can say."""

    session_id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SessionToken({self.session_id!r}, secret hidden)"


def make_session_token(session_id: str, secret: bytes) -> str:
    """Write a token ``tsk_<id>_<secret>_<crc>`` for a session id (``ses_...``) and 32 secret bytes."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a token's secret has {SECRET_BYTES} bytes")
    body = f"{SESSION_PREFIX}_{session_id.removeprefix(_SESSION_ID_PREFIX)}_{_encode(secret)}"
    token = f"{body}_{_checksum(body)}"
    if _SESSION.fullmatch(token) is None:
        raise ValueError("a token needs the id of a session")
    return token


def parse_session_token(text: str) -> SessionToken:
    """Read a token. Raises ``TokenError`` for what can't be one; then nothing needs to be looked up."""
    match = _SESSION.fullmatch(text)
    if match is None or _checksum(text.rpartition("_")[0]) != match[3]:
        raise TokenError("this is not a session token")
    return SessionToken(_SESSION_ID_PREFIX + match[1], _decode(match[2]))


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a viewing token allows: to see one contract's certificate until a moment.

    ``generation`` is that of the authentication key: a re-issued key makes every token of the old one void.
    """

    contract_number: str
    version: int
    generation: int
    expires: datetime


class ViewingTokens:
    """Makes and reads viewing tokens. Nothing is stored: the token itself says what it allows, under a MAC."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def make(self, contract_number: str, version: int, generation: int) -> tuple[str, datetime]:
        """Give a token and the moment when it ends, 10 minutes from now."""
        expires = (self._clock.now() + VIEWING_TIME).replace(microsecond=0)
        content = f"{contract_number}|{version}|{generation}|{int(expires.timestamp())}".encode("ascii")
        mac = self._vault.digest("viewing-token", content)
        return f"{VIEWING_PREFIX}1_{_encode(content)}_{_encode(mac)}", expires

    def read(self, token: str) -> Viewing:
        """Give what a token allows. Raises ``RefusedError`` with VIEWING_TOKEN_INVALID, also after its time.

        The caller compares ``generation`` with the present key's before it shows anything.
        """
        match = _VIEWING.fullmatch(token)
        if match is None:
            raise refuse(Reason.VIEWING_TOKEN_INVALID)
        try:
            content, mac = _decode(match[1]), _decode(match[2])
        except TokenError:
            raise refuse(Reason.VIEWING_TOKEN_INVALID) from None
        if not hmac.compare_digest(mac, self._vault.digest("viewing-token", content)):
            raise refuse(Reason.VIEWING_TOKEN_INVALID)
        number, version, generation, seconds = content.decode("ascii").split("|")
        expires = datetime.fromtimestamp(int(seconds), UTC)
        if self._clock.now() >= expires:
            raise refuse(Reason.VIEWING_TOKEN_INVALID)
        return Viewing(number, int(version), int(generation), expires)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    """Read base64url without padding, in its one right spelling: a second one would be a second token."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise TokenError("this is not base64url") from None
    if _encode(data) != text:
        raise TokenError("this is not the canonical form")
    return data


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode('ascii')):08x}"

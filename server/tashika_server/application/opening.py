"""The city's side: open a certificate with number and key, without an account."""

from dataclasses import dataclass

from tashika_formats.key import KeyTypingError, normalise_key
from tashika_formats.number import NumberTypingError, normalise_number
from tashika_server.application.kit import Kit
from tashika_server.application.ports import OpeningAttempt, OpeningVerdict
from tashika_server.domain.model import Certificate, Contract
from tashika_server.domain.reasons import Reason, RefusedError, Violation, refuse


@dataclass(frozen=True, slots=True)
class Opened:
    """A contract with every version of its certificate, the first first, as a holder of the key sees it.

    ``generation`` is that of the key that opened it.
    """

    contract: Contract
    certificates: tuple[Certificate, ...]
    generation: int

    @property
    def current(self) -> Certificate:
        """The version that is in force."""
        return self.certificates[-1]


class Opening:
    """The use case of opening."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def open(self, number: str, key: str, peer: str) -> Opened:
        """Open a certificate.

        Typing errors are told before anything is looked up (NUMBER_TYPING_ERROR, KEY_TYPING_ERROR). A wrong number,
        a wrong key and a revoked key are one refusal, WRONG_NUMBER_OR_KEY. A right pair always opens; only wrong
        ones run into TOO_MANY_ATTEMPTS. The attempt is durably recorded before this answers.
        """
        plain_number, plain_key = _typed(number, key)
        vault = self._kit.vault
        attempt = OpeningAttempt(
            number=plain_number,
            digest=vault.open_digest(plain_number, plain_key),
            peer=peer,
            buckets=lambda: (
                vault.digest("throttle", b"open-peer", peer.encode()),
                vault.digest("throttle", b"open-number", plain_number.encode()),
            ),
        )
        result = await self._kit.store.open(attempt)
        if result.verdict is OpeningVerdict.THROTTLED:
            raise refuse(Reason.TOO_MANY_ATTEMPTS, retry_after_seconds=result.retry_after_seconds)
        if result.contract is None or not result.certificates:
            raise refuse(Reason.WRONG_NUMBER_OR_KEY)
        return Opened(result.contract, result.certificates, result.generation)


def _typed(number: str, key: str) -> tuple[str, str]:
    violations: list[Violation] = []
    plain_number = plain_key = ""
    try:
        plain_number = normalise_number(number)
    except NumberTypingError as error:
        violations.append(_typing_error(Reason.NUMBER_TYPING_ERROR, "contract_number", error))
    try:
        plain_key = normalise_key(key)
    except KeyTypingError as error:
        violations.append(_typing_error(Reason.KEY_TYPING_ERROR, "key", error))
    if violations:
        raise RefusedError(*violations)
    return plain_number, plain_key


def _typing_error(reason: Reason, field: str, error: NumberTypingError | KeyTypingError) -> Violation:
    return Violation(reason, field, {"problem": error.code, "position": error.position or 0})

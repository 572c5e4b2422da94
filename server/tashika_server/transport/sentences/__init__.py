"""The words for every reason: one table, Japanese first.

``TABLE`` has a row for each ``Reason``, ``CAUTIONS`` one for each ``WarningReason``. ``violation_sentence``
and ``caution_sentence`` word what stands inside a response (a quote's reasons); errors go through
``transport.errors``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tashika_server.domain.reasons import Caution, Param, Reason, Violation
from tashika_server.transport.sentences.calls import CALLS
from tashika_server.transport.sentences.cautions import CAUTIONS
from tashika_server.transport.sentences.contracts import CONTRACTS
from tashika_server.transport.sentences.entries import Entry, Who
from tashika_server.transport.sentences.fees import FEES
from tashika_server.transport.sentences.fields import FIELDS
from tashika_server.transport.sentences.labels import label
from tashika_server.transport.sentences.people import PEOPLE
from tashika_server.transport.sentences.policy import POLICY
from tashika_server.transport.sentences.wording import fill

TABLE: Mapping[Reason, Entry] = {**CALLS, **PEOPLE, **FIELDS, **POLICY, **CONTRACTS, **FEES}

# Lists of violations hold a sentence each; what is longer is no sentence any more.
_MAX_SENTENCE_CHARACTERS = 240


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, what to do next, and who can do it, in one language."""

    text: str
    next_step: str
    who: str


def entry(reason: Reason) -> Entry:
    """Give the row of a reason."""
    return TABLE[reason]


def sentence(violation: Violation, language: str) -> Sentence:
    """Word a violation in ``ja`` or ``en``."""
    found = TABLE[violation.reason]
    params = _params(violation.field, violation.params, language)
    return Sentence(
        text=_tidy(fill(found.text(language), params, language), language),
        next_step=_tidy(fill(found.next_step(language), params, language), language),
        who=found.people(language),
    )


def render(violation: Violation, language: str) -> str:
    """Say what happened, in one sentence."""
    params = _params(violation.field, violation.params, language)
    return _tidy(fill(TABLE[violation.reason].text(language), params, language), language)


def render_ascii(violation: Violation, max_bytes: int) -> str:
    """Say what happened in English, in ASCII alone, cut to ``max_bytes``.

    A header carries each kana as nine bytes, so whatever is Japanese stands in the details only.
    """
    params = _params(violation.field, violation.params, "en")
    text = _tidy(fill(TABLE[violation.reason].text("en"), params, "en", ascii_only=True), "en")
    plain = text.encode("ascii", "replace")
    return (plain if len(plain) <= max_bytes else plain[: max_bytes - 3] + b"...").decode("ascii")


def violation_sentence(violation: Violation, language: str) -> str:
    """Say what is wrong and what to do, as a response that lists violations holds it."""
    said = sentence(violation, language)
    return f"{said.text}{said.next_step}" if language == "ja" else f"{said.text} {said.next_step}"


def caution_sentence(caution: Caution, language: str) -> str:
    """Say what is worth a look."""
    params = _params(caution.field, caution.params, language)
    return _tidy(fill(CAUTIONS[caution.reason].text(language), params, language), language)


def _params(field: str, params: Mapping[str, Param], language: str) -> dict[str, Param]:
    return {**params, "field": label(field, language), "path": field}


def _tidy(text: str, language: str) -> str:
    if len(text) > _MAX_SENTENCE_CHARACTERS:
        text = text[: _MAX_SENTENCE_CHARACTERS - 1] + "…"
    return text[:1].upper() + text[1:] if language == "en" else text


__all__ = [
    "CAUTIONS",
    "TABLE",
    "Entry",
    "Sentence",
    "Who",
    "caution_sentence",
    "entry",
    "label",
    "render",
    "render_ascii",
    "sentence",
    "violation_sentence",
]

"""Every reason of a refusal: its code, what is said in both languages, what to do next, and who can."""

import re
from collections.abc import Iterator

from tashika_server.domain.reasons import Reason, WarningReason
from tashika_server.transport.sentences import CAUTIONS, TABLE, Entry
from tashika_server.transport.sentences.wording import slots
from tools.reference.contract import Enumeration

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_0-9]+)(?::[a-z_]+)?\}")

_HEAD = """\
`google.rpc.ErrorInfo.reason` holds one of these tokens, its `domain` is `tashika`. The sentences are those of
`LocalizedMessage`, the steps those of `Help`; in braces stands what they quote, by the names that `ErrorInfo.metadata`
has (`{field}` is the field's name for people). Where a value is not known, the sentence does without it.

Beside `ErrorInfo`, `LocalizedMessage` and `Help`, a refusal carries `BadRequest` where it is about fields (at most 20,
each with its own reason and sentence), `PreconditionFailure` with FAILED_PRECONDITION, and `RetryInfo` or
`QuotaFailure` where they are named here. The first field's reason gives the code.
"""


def reasons(enumeration: Enumeration) -> Iterator[str]:
    """The lines of the chapter; the order is the enumeration's."""
    yield from ("## Reasons", "", enumeration.comment, "", *_HEAD.splitlines(), "")
    by_code: dict[str, list[str]] = {}
    for value in enumeration.values[1:]:
        name = value.name.removeprefix("ERROR_REASON_")
        by_code.setdefault(TABLE[Reason(name)].code.name, []).append(f"[{name}](#{name.lower()})")
    yield from (f"- {code}: {', '.join(by_code[code])}" for code in sorted(by_code))
    yield ""
    for value in enumeration.values[1:]:
        reason = Reason(value.name.removeprefix("ERROR_REASON_"))
        yield from _reason(reason, value.number, value.comment, TABLE[reason])


def warnings(enumeration: Enumeration) -> Iterator[str]:
    """The lines of the chapter on what does not refuse."""
    yield from ("## Cautions", "", enumeration.comment, "")
    for value in enumeration.values[1:]:
        reason = WarningReason(value.name.removeprefix("WARNING_REASON_"))
        yield from (f"### {reason}", "", f"Number {value.number}. {value.comment}", "")
        yield from (f"- ja: {shown(CAUTIONS[reason].ja)}", f"- en: {shown(CAUTIONS[reason].en)}", "")


def _reason(reason: Reason, number: int, comment: str, entry: Entry) -> Iterator[str]:
    yield from (f"### {reason}", "", f"{entry.code.name}. Number {number}. {comment}", "")
    yield f"- ja: {shown(entry.ja)} → {shown(entry.next_ja)}{_who(entry.people('ja'), '（対応できる方：{}）')}"
    yield f"- en: {shown(entry.en)} → {shown(entry.next_en)}{_who(entry.people('en'), ' (Who can do it: {}.)')}"
    if quoted := sorted(
        (slots(entry.ja) | slots(entry.en) | slots(entry.next_ja) | slots(entry.next_en)) - {"field"}
    ):
        yield f"- quotes: {', '.join(f'`{name}`' for name in quoted)}"
    if entry.uniform:
        yield "- carries nothing beside the reason, so that its causes look the same"
    if entry.retry_seconds:
        yield f"- `RetryInfo`: {entry.retry_seconds} s, unless it says otherwise"
    if entry.quota:
        yield f"- `QuotaFailure`: `{entry.quota}`"
    yield ""


def shown(template: str) -> str:
    """A sentence with all that it may quote: of choices the first, which says most."""
    return _SLOT.sub(r"{\1}", _CHOICE.sub(lambda match: match[1].split("|")[0], template))


def _who(people: str, form: str) -> str:
    return form.format(people) if people else ""

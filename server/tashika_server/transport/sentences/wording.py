"""Filling a sentence with what it quotes.

A template holds ``{name}`` or ``{name:kind}``, and choices in brackets: ``[({maximum_yen:yen})|({maximum})]``
takes the first part whose values are all there, or nothing. So one sentence serves every caller of a reason,
whether or not it knows the particulars.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from tashika_formats.dates import FIRST_FISCAL_YEAR, era_date, era_fiscal_year
from tashika_formats.errors import FormatError
from tashika_server.domain.reasons import Param
from tashika_server.transport.sentences.choices import choice_label
from tashika_server.transport.sentences.labels import label

# A sentence stays a sentence, whatever somebody puts into a name.
_MAX_QUOTED_CHARACTERS = 40
_MAX_LISTED = 12

_JAPAN = datetime.timezone(datetime.timedelta(hours=9))

_GROUP = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z_0-9]+)(?::([a-z_]+))?\}")

_Part = tuple[str, str]
"""A literal (first empty) or a slot: name and kind."""


def fill(template: str, params: Mapping[str, Param], language: str, *, ascii_only: bool = False) -> str:
    """Fill a template. Outside of brackets, a value that is missing (or not ASCII, if asked) becomes ``...``."""
    text = "".join(
        part if isinstance(part, str) else _first_whole(part, params, language, ascii_only)
        for part in _outline(template)
    )
    return _slots(text, params, language, ascii_only, strict=False) or ""


def slots(template: str) -> frozenset[str]:
    """Name every value that a template can quote."""
    return frozenset(match[1] for match in _SLOT.finditer(template))


@lru_cache(maxsize=1024)
def _outline(template: str) -> tuple[str | tuple[str, ...], ...]:
    """Cut a template into plain text and choices."""
    pieces: list[str | tuple[str, ...]] = []
    end = 0
    for match in _GROUP.finditer(template):
        pieces += [template[end : match.start()], tuple(match[1].split("|"))]
        end = match.end()
    return (*pieces, template[end:])


def _first_whole(
    choices: tuple[str, ...], params: Mapping[str, Param], language: str, ascii_only: bool
) -> str:
    for choice in choices:
        text = _slots(choice, params, language, ascii_only, strict=True)
        if text is not None:
            # What was quoted must not be taken for a slot when the whole is filled.
            return text.replace("{", "(").replace("}", ")")
    return ""


def _slots(
    text: str, params: Mapping[str, Param], language: str, ascii_only: bool, *, strict: bool
) -> str | None:
    """Fill the slots; with ``strict`` a missing value gives ``None``."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        found = _value(match[1], match[2] or "", params, language)
        if found is None or (ascii_only and not found.isascii()):
            missing = True
            return "..."
        return found

    filled = _SLOT.sub(value, text)
    return None if strict and missing else filled


def _value(name: str, kind: str, params: Mapping[str, Param], language: str) -> str | None:
    value = params.get(name)
    if value is None or value == "":
        return None
    if not kind:
        return _quote(str(value))
    try:
        return _KINDS[kind](value, language)
    except (ValueError, FormatError):
        return None


def _quote(text: str) -> str:
    """Give a text without line breaks and invisible characters, cut to a length that a sentence bears."""
    visible = "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)
    if len(visible) > _MAX_QUOTED_CHARACTERS:
        return visible[:_MAX_QUOTED_CHARACTERS] + "…"
    return visible


# Control, format and line separators; surrogates can't be encoded at all.
_INVISIBLE = frozenset({"Cc", "Cs", "Zl", "Zp", "Cf"})


def _yen(value: Param, language: str) -> str:
    return f"{int(value):,}円" if language == "ja" else f"{int(value):,} yen"


def _number(value: Param, language: str) -> str:
    number = int(value)
    if number <= 0:
        raise ValueError("a position or a limit counts from one")
    return f"{number:,}"


def _day(value: Param, language: str) -> str:
    """Write a day, or the day in Japan of a moment."""
    text = str(value)
    if "T" in text:
        day = datetime.datetime.fromisoformat(text).astimezone(_JAPAN).date()
    else:
        day = datetime.date.fromisoformat(text)
    return era_date(day) if language == "ja" else day.isoformat()


def _fiscal_year(value: Param, language: str) -> str:
    year = int(value)
    if not FIRST_FISCAL_YEAR <= year <= datetime.MAXYEAR:
        raise ValueError("no such fiscal year")
    return era_fiscal_year(year) if language == "ja" else f"{year}"


def _bytes(value: Param, language: str) -> str:
    size = int(value)
    for unit, factor in (("MiB", 1024 * 1024), ("KiB", 1024)):
        if size >= factor:
            return f"{size / factor:g} {unit}"
    return f"{size} B"


def _duration(value: Param, language: str) -> str:
    seconds = max(1, int(value))
    minutes = -(-seconds // 60)
    if language == "ja":
        return f"{seconds}秒" if seconds < 60 else f"{minutes}分"
    count, unit = (seconds, "second") if seconds < 60 else (minutes, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _percent(value: Param, language: str) -> str:
    hundredths = int(value)
    return f"{hundredths / 100:g}%"


def _choices(value: Param, language: str) -> str:
    """Name every token of a list with commas. A code that has no name stays what it is."""
    tokens = [token.strip() for token in str(value).split(",")][:_MAX_LISTED]
    names = [choice_label(token, language) or _quote(token) for token in tokens if token]
    if not names:
        raise ValueError("nothing to choose from")
    return ("、" if language == "ja" else ", ").join(names)


def _label(value: Param, language: str) -> str:
    return label(str(value), language)


def _choice(value: Param, language: str) -> str:
    found = choice_label(str(value), language)
    if not found:
        raise ValueError("a token without a name")
    return found


_KINDS: Mapping[str, Callable[[Param, str], str]] = {
    "yen": _yen,
    "number": _number,
    "day": _day,
    "fiscal_year": _fiscal_year,
    "bytes": _bytes,
    "duration": _duration,
    "percent": _percent,
    "choice": _choice,
    "choices": _choices,
    "label": _label,
}

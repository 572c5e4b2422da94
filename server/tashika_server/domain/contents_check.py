"""The contents check (保証契約内容の確認): what was applied for beside what was accepted."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date

from tashika_server.domain.model import Application


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was accepted otherwise than applied for.

    ``field`` is its path within the application (``works.price_yen``). Values are plain text: days as
    2026-04-01, yen as digits, yes and no as ``true`` and ``false``, tokens as they are; what is not filled is
    empty.
    """

    field: str
    applied: str
    accepted: str


def differences(application: Application, terms: Application) -> tuple[Difference, ...]:
    """List the fields in which the terms differ from the application, in the order of the application's
    fields.
    """
    applied, accepted = _flat(application, ""), _flat(terms, "")
    places = list(applied) + [place for place in accepted if place not in applied]
    return tuple(
        Difference(place, applied.get(place, ""), accepted.get(place, ""))
        for place in places
        if applied.get(place, "") != accepted.get(place, "")
    )


def _flat(value: object, place: str) -> dict[str, str]:
    """Give every filled value below by its path."""
    if value is None or value == "":
        return {}
    if isinstance(value, tuple):
        parts = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    elif is_dataclass(value):
        prefix = f"{place}." if place else ""
        parts = [(f"{prefix}{part.name}", getattr(value, part.name)) for part in fields(value)]
    else:
        return {place: _text(value)}
    return {path: text for name, part in parts for path, text in _flat(part, name).items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)

"""The contents check: where the terms are not what was applied for (申込内容と審査結果の相違), field by field."""

import dataclasses
from collections.abc import Iterator
from datetime import date

from tashika.v1 import contract_pb2 as pb
from tashika_server.domain.model import Application


def differences_to_proto(application: Application, terms: Application | None) -> list[pb.Difference]:
    """Give a message for every field in which the terms differ; none where there are no terms."""
    if terms is None or terms == application:
        return []
    return [
        pb.Difference(field=field, application_value=_text(asked), terms_value=_text(agreed))
        for field, asked, agreed in _different("", application, terms)
    ]


def _different(path: str, asked: object, agreed: object) -> Iterator[tuple[str, object, object]]:
    """Go down to single values, so that a clerk is shown ``works.name`` and not the whole works."""
    if asked == agreed:
        return
    parts = [*_parts(asked), *(name for name in _parts(agreed) if name not in _parts(asked))]
    if not parts:
        yield path, asked, agreed
    for name in parts:
        below = f"{path}{name}" if name.startswith("[") or not path else f"{path}.{name}"
        yield from _different(below, _part(asked, name), _part(agreed, name))


def _parts(value: object) -> tuple[str, ...]:
    if dataclasses.is_dataclass(value):
        return tuple(field.name for field in dataclasses.fields(value))
    if isinstance(value, tuple):
        return tuple(f"[{index}]" for index in range(len(value)))
    return ()


def _part(value: object, name: str) -> object:
    if isinstance(value, tuple):
        index = int(name[1:-1])
        return value[index] if index < len(value) else None
    return getattr(value, name, None)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

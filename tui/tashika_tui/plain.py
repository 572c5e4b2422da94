"""Records as JSON for programmes: bare tokens, whole yen, ISO days, moments in RFC 3339 UTC."""

import dataclasses
import datetime
from pathlib import Path

# Never in an output: they open things.
_SECRET = frozenset({"token", "viewing_token", "viewing_token_expire_time"})


def plain(value: object) -> object:
    """`value` as what JSON knows. Records become objects with every field but secrets; None stays null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value) if field.name not in _SECRET)
        return {name: plain(getattr(value, name)) for name in fields}
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no plain form")

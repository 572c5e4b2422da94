"""Enumerations: Buf's prefixed values on the wire, bare tokens everywhere else. One pair of functions maps them."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from tashika_server.domain.reasons import Reason, refuse

P = TypeVar("P", bound=int)

UNSPECIFIED = "UNSPECIFIED"
"""The token of value 0, which stands for a choice that was not made."""

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def to_proto_enum(choice: type[P], token: str | None) -> P:
    """Give the value of a generated enumeration for a bare token (``DRAFT``); 0 for none.

    Raises ``KeyError`` for a token that the enumeration does not have: the domain and the proto differ.
    """
    by_token: dict[str, P] = _tables(choice)[0]
    return by_token[token or UNSPECIFIED]


def token_of(choice: type[int], value: int, field: str = "") -> str:
    """Give the bare token of a value; empty for 0, the choice that was not made.

    Raises ``RefusedError`` with CHOICE_UNKNOWN at ``field`` for a number that this server does not know.
    """
    if value == 0:
        return ""
    token = _tables(choice)[1].get(value)
    if token is None:
        raise refuse(Reason.CHOICE_UNKNOWN, field, value=value)
    return token


def tokens(choice: type[int]) -> frozenset[str]:
    """Give every token of an enumeration but that of 0."""
    return frozenset(_tables(choice)[0]) - {UNSPECIFIED}


def _make_tables(choice: Any) -> tuple[dict[str, Any], dict[int, str]]:
    # At run time a generated enumeration is a wrapper object; as a class it stands in the type stubs only.
    prefix = _WORD.sub("_", choice.DESCRIPTOR.name).upper() + "_"
    by_token = {name.removeprefix(prefix): number for name, number in choice.items()}
    return by_token, {number: token for token, number in by_token.items()}


_tables: Callable[[Any], tuple[dict[str, Any], dict[int, str]]] = cache(_make_tables)

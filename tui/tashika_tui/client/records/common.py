"""What all records share: days, moments, pages and files."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

Day = datetime.date
Moment = datetime.datetime

Progress = Callable[[int, int], None]
"""Told while a file travels: bytes so far, bytes in all."""


@dataclass(frozen=True, slots=True)
class File:
    """A downloaded file whose size and SHA-256 are as the server announced."""

    name: str
    media_type: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list. `total_size` counts what fits the filter, up to 1,001 unless `total_size_exact`."""

    items: tuple[T, ...]
    next_page_token: str
    previous_page_token: str
    total_size: int
    total_size_exact: bool


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list: at most `size` items (1 to 200).

    With a `token` of an earlier page, everything else but `size` must be as it was then. Without one the
    list begins at its start, with `from_end` on its last page.
    """

    size: int = 50
    token: str = ""
    descending: bool = False
    from_end: bool = False

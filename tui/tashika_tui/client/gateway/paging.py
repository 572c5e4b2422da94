"""What the answers of all lists have in common."""

from typing import Protocol

from tashika_tui.client import records


class PageAnswer(Protocol):
    """The answer of a list."""

    @property
    def next_page_token(self) -> str: ...
    @property
    def previous_page_token(self) -> str: ...
    @property
    def total_size(self) -> int: ...
    @property
    def total_size_exact(self) -> bool: ...


def page_of(items: tuple[records.T, ...], answer: PageAnswer) -> records.Page[records.T]:
    """A page with these items."""
    return records.Page(
        items=items,
        next_page_token=answer.next_page_token,
        previous_page_token=answer.previous_page_token,
        total_size=answer.total_size,
        total_size_exact=answer.total_size_exact,
    )

"""Notices, and what a person wants of them."""

from dataclasses import dataclass

from tashika_tui.client.records.common import Moment

NOTICE_KINDS = (
    "ISSUED",
    "ACCEPTED",
    "RETURNED",
    "REFUSED",
    "HANDED_IN",
    "OPENED",
    "KEY_REISSUED",
    "KEY_GUESSING",
    "KEY_MAIL_FAILED",
)
"""The kinds that this client knows; a newer server may have more."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a contract, as the caller is told of it. `works_name` is as it was then;
    `read_time` is None while it is unread.
    """

    notice_id: str
    kind: str
    contract_id: str
    contract_number: str
    works_name: str
    notice_time: Moment | None
    read_time: Moment | None = None


@dataclass(frozen=True, slots=True)
class NoticePreferences:
    """What a person wants: the language of mails (`ja`, `en`), and for each kind that the person can get whether a
    mail comes too. `mail` is the person's address, empty where there is none; `mail_off`: this server sends none.
    """

    language: str
    mails: tuple[tuple[str, bool], ...]
    mail: str = ""
    mail_off: bool = False
    etag: str = ""

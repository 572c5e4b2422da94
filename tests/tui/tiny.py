"""A register in memory, just large enough for the screens that all roles share."""

import datetime
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from tashika_tui.client import records
from tashika_tui.client.connection import Connection
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable, SessionExpired
from tashika_tui.client.port import Register
from tashika_tui.context import SessionContext
from tashika_tui.widgets.paging import Place, Query

PASSWORD = "correct horse battery staple"
NOW = datetime.datetime(2026, 1, 15, 1, 30, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Row:
    """What the test's lists hold."""

    key: str
    name: str
    amount_yen: int


class TinyRegister:
    """Signing in and out. `down` and `expired` make the calls end so."""

    def __init__(self) -> None:
        self.connection = Connection()
        self.down = False
        self.expired = False
        self.must_change_password = False
        self.token = ""
        self.language = "ja"
        self.calls: list[str] = []

    def use_token(self, token: str) -> None:
        self.token = token

    def use_language(self, language: str) -> None:
        self.language = language

    async def server_info(self) -> records.ServerInfo:
        self.answer("server_info")
        return records.ServerInfo("0.1.0", True, NOW, NOW.date(), "tashika.example/log", "key")

    async def create_session(self, login_name: str, password: str) -> records.NewSession:
        self.answer("create_session")
        if password != PASSWORD:
            raise RefusedByServer(
                "UNAUTHENTICATED",
                "WRONG_PASSWORD",
                "ログイン名またはパスワードが違います。"
                if self.language == "ja"
                else "Wrong name or password.",
                ("もう一度入力してください。忘れた場合は、組織の管理者が新しいパスワードを設定できます。",),
                "R-0001",
            )
        self.expired = False
        session = records.Session(
            "ses_1", login_name, "田中 花子", "係長", ("CONTRACTOR",), "株式会社みどり建設", "CONTRACTOR", "ja",
            self.must_change_password, None,
        )  # fmt: skip
        return records.NewSession("tsk_1", session)

    async def get_session(self) -> records.Session:
        self.answer("get_session")
        return (await self.create_session("hanako", PASSWORD)).session

    async def delete_session(self, request_id: str) -> None:
        self.answer("delete_session")

    async def change_password(self, old_password: str, new_password: str) -> None:
        self.answer("change_password")

    async def watch_contracts(self, after_revision: int | None = None) -> AsyncIterator[records.WatchEvent]:
        yield records.WatchHeartbeat(1)

    def answer(self, name: str) -> None:
        """Every call passes here."""
        self.calls.append(name)
        if self.down:
            self.connection.lost(1.0)
            raise ServerNotReachable("UNAVAILABLE")
        self.connection.reached()
        if self.expired and name not in ("create_session", "server_info"):
            raise SessionExpired("UNAUTHENTICATED", "SESSION_EXPIRED", "ログインの期限が切れました。")


def connecting(register: TinyRegister) -> Any:
    """How a session context finds this register."""

    @asynccontextmanager
    async def connect(session: SessionContext, token: str) -> AsyncIterator[Register]:
        register.use_token(token)
        register.use_language(session.language)
        yield cast(Register, register)

    return connect


class Keyset:
    """Pages over rows in memory as the API gives them: by tokens, from either end, from a value."""

    def __init__(self, count: int, *, exact: bool = True) -> None:
        self.count = count
        self.exact = exact
        self.calls = 0
        self.names: dict[int, str] = {}

    def make(self, number: int) -> Row:
        """The row with this number, made when it is asked for."""
        name = self.names.get(number, f"市道{number:07d}号線 舗装補修工事")
        return Row(f"con_{number:07d}", name, (number + 1) * 10_000)

    async def page(self, query: Query, place: Place, size: int) -> records.Page[Row]:
        """One page."""
        self.calls += 1
        numbers: Sequence[int] = range(self.count)
        if query.text:
            numbers = [n for n in range(min(self.count, 20_000)) if query.text in self.make(n).name]
        if query.descending:
            numbers = numbers[::-1]
        kind, _, at = place.token.partition(":")
        total = len(numbers)
        if place.from_end:
            first = max(0, total - size)
        elif place.from_value:
            first = min(total, int(place.from_value))
        else:
            first = int(at) if kind == "after" else max(0, int(at) - size) if kind == "before" else 0
        last = min(total, int(at)) if kind == "before" else min(total, first + size)
        return records.Page(
            tuple(map(self.make, numbers[first:last])),
            f"after:{last}" if last < total else "",
            f"before:{first}" if first > 0 else "",
            total if self.exact else min(total, 1001),
            self.exact or total <= 1001,
        )


def renamed(row: Row, name: str) -> Row:
    """The same row with another name."""
    return replace(row, name=name)

"""What a demo server says when it is ready: where it is, who can sign in, and what to try."""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tashika_server.demo.cast import Account, Party
from tashika_server.demo.embedded import Embedded
from tashika_server.domain.model import Role

_ROLES = {
    Role.OPERATOR: "運営者 operator",
    Role.UNDERWRITER: "保証会社・審査 underwriter",
    Role.APPROVER: "保証会社・承認 approver",
    Role.CONTRACTOR: "受注者 contractor",
    Role.OFFICER: "発注者 orderer's officer",
}

_ORDER = tuple(_ROLES)


def greeting(demo: Embedded, seed: int) -> Iterator[str]:
    """Give the lines, with the passwords of the sample people: shown here and nowhere else."""
    yield from _head(demo, seed)
    yield "サインイン / Sign in:"
    yield from _table(demo.seeded.cast.accounts)
    yield ""
    yield "お試しください / To try:"
    yield from (f"  {line}" for line in _commands(demo))
    yield ""
    yield "終了するには Ctrl+C を押してください。 / Ctrl+C ends the server."


def invitation(demo: Embedded, seed: int, columns: int) -> Iterator[str]:
    """Give the lines for somebody at a terminal with so many columns, who may open the client there.

    What is needed first stands last, where it is still in sight.
    """
    yield from _head(demo, seed)
    yield "サインイン / Sign in:"
    yield from _groups(demo.seeded.cast.accounts, columns)
    yield ""
    yield "別の端末からも使えます / From another terminal:"
    yield from (f"  {line}" for line in _commands(demo))
    yield ""
    yield "はじめの3人 / Three to begin with:"
    yield from _rows(
        [(_ROLES[_role(one)], one.person.login_name, one.password) for one in _first_three(demo)]
    )
    yield "パスワードはここで選択してコピーし、クライアントに貼り付けられます。"
    yield "Copy a password here and paste it there. All others stand above."
    yield ""
    yield "Enter で画面のクライアントを開きます。閉じると（Ctrl+Q）見本も終わります。"
    yield "Enter opens the full-screen client; leaving it (Ctrl+Q) ends the demo."


def farewell(code: int) -> Iterator[str]:
    """Give the lines for when the client has ended with this exit code."""
    if code == 0:
        yield "クライアントを終了したので、見本のサーバーも終了します。 / The client has ended, and so does the demo."
    else:
        yield f"クライアントが異常終了しました（{code}）。サーバーは動いています。Ctrl+C で終了します。"
        yield f"The client failed ({code}). The server goes on; Ctrl+C ends it."


def _head(demo: Embedded, seed: int) -> Iterator[str]:
    yield "見本 DEMO — ここにある会社・契約・証書はすべて見本で、保証の効力はありません。"
    yield "            Everything here is a sample; nothing in it is a guarantee."
    yield ""
    yield f"接続先   address    {demo.address}"
    yield f"契約     contracts  {demo.seeded.contracts:,} 件 (seed {seed})"
    yield ""


def _table(accounts: Sequence[Account]) -> Iterator[str]:
    rows = sorted(accounts, key=lambda account: _ORDER.index(_role(account)))
    yield from _rows(
        [
            ("役割 role", "名前 name", "パスワード password", "氏名・会社 who"),
            *((_ROLES[_role(one)], one.person.login_name, one.password, _who(one)) for one in rows),
        ]
    )


def _groups(accounts: Sequence[Account], columns: int) -> Iterator[str]:
    """The same without a column for the role, which most terminals have no room for."""
    names = max(_width(one.person.login_name) for one in accounts)
    passwords = max(_width(one.password) for one in accounts)
    for role, label in _ROLES.items():
        yield f"  {label}"
        for one in accounts:
            if _role(one) is role:
                line = f"    {_padded(one.person.login_name, names)}  {_padded(one.password, passwords)}  {_who(one)}"
                yield _cut(line, columns)


def _rows(cells: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (_padded(cell, width) for cell, width in zip(row[:-1], widths, strict=False))
        yield f"  {'  '.join((*padded, row[-1]))}"


def _who(account: Account) -> str:
    return " ".join(part for part in (account.person.name, account.organization) if part)


def _commands(demo: Embedded) -> Iterator[str]:
    program = _client()
    example = demo.seeded.example
    yield f"export TASHIKA_SERVER={demo.address}"
    yield f"{program} login {_contractor(demo).person.login_name}"
    yield f"{program} list contracts"
    if example is not None:
        yield f"{program} get notice {example.number}"
        yield f"{program} open {example.number}"
    yield f"{program} list orderers"


def _contractor(demo: Embedded) -> Account:
    """Who has the example, or else anybody."""
    example, parties = demo.seeded.example, demo.seeded.cast.contractors
    wanted = example.organization_id if example is not None else ""
    return _party(parties, wanted).accounts[0]


def _first_three(demo: Embedded) -> list[Account]:
    """Who applied for the example, and the two who underwrote it."""
    example, parties = demo.seeded.example, demo.seeded.cast.guarantors
    guarantor = _party(parties, example.application.guarantor_id if example is not None else "")
    return [_contractor(demo), *guarantor.accounts]


def _party(parties: Sequence[Party], organization_id: str) -> Party:
    found = (party for party in parties if party.organization.organization_id == organization_id)
    return next(found, parties[0])


def _client() -> str:
    """Give how the client is called from here: it stands beside this program, maybe outside of the path."""
    beside = Path(sys.argv[0]).with_name("tashika")
    return str(beside) if beside.exists() and beside.parent != Path() else "tashika"


def _role(account: Account) -> Role:
    return next(role for role in _ORDER if role in account.person.roles)


def _width(text: str) -> int:
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    # Variation selectors, which choose a form of the character before them, take no room.
    if unicodedata.combining(char) or unicodedata.category(char) == "Mn":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _cut(text: str, width: int) -> str:
    """As much of a text as fits, with two dots where something is missing."""
    if _width(text) <= width:
        return text
    while _width(text) > width - 2:
        text = text[:-1]
    return f"{text}.."


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def say_all(lines: Iterable[str]) -> None:
    """Print lines at once."""
    print("\n".join(lines), flush=True)

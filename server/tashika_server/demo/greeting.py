"""What a demo server says when it is ready: where it is, who can sign in, and what to try."""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tashika_server.demo.cast import Account
from tashika_server.demo.embedded import Embedded
from tashika_server.domain.model import OrganizationKind, Role

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
    yield "見本 DEMO — ここにある会社・契約・証書はすべて見本で、保証の効力はありません。"
    yield "            Everything here is a sample; nothing in it is a guarantee."
    yield ""
    yield f"接続先   address    {demo.address}"
    yield f"契約     contracts  {demo.seeded.contracts:,} 件 (seed {seed})"
    yield ""
    yield "サインイン / Sign in:"
    yield from _table(demo.seeded.cast.accounts)
    yield ""
    yield "お試しください / To try:"
    yield from (f"  {line}" for line in _commands(demo))
    yield ""
    yield "終了するには Ctrl+C を押してください。 / Ctrl+C ends the server."


def _table(accounts: Sequence[Account]) -> Iterator[str]:
    rows = sorted(accounts, key=lambda account: _ORDER.index(_role(account)))
    cells = [("役割 role", "名前 name", "パスワード password", "氏名・会社 who")]
    for account in rows:
        who = " ".join(part for part in (account.person.name, account.organization) if part)
        cells.append((_ROLES[_role(account)], account.person.login_name, account.password, who))
    widths = [max(_width(row[column]) for row in cells) for column in range(3)]
    for row in cells:
        padded = (_padded(cell, width) for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join((*padded, row[3]))}"


def _commands(demo: Embedded) -> Iterator[str]:
    program = _client()
    contractor = next(a for a in demo.seeded.cast.accounts if a.kind is OrganizationKind.CONTRACTOR)
    example = demo.seeded.example
    if example is not None:
        owners = (
            account
            for party in demo.seeded.cast.contractors
            if party.organization.organization_id == example.organization_id
            for account in party.accounts
        )
        contractor = next(owners, contractor)
    yield f"export TASHIKA_SERVER={demo.address}"
    yield f"{program} login {contractor.person.login_name}"
    yield f"{program} list contracts"
    if example is not None:
        yield f"{program} get notice {example.number}"
        yield f"{program} open {example.number}"
    yield f"{program} list orderers"


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


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def say_all(lines: Iterable[str]) -> None:
    """Print lines at once."""
    print("\n".join(lines), flush=True)

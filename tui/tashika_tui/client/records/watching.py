"""What a watch of contracts tells."""

from dataclasses import dataclass

from tashika_tui.client.records.common import Moment
from tashika_tui.client.records.contract import ContractRow


@dataclass(frozen=True, slots=True)
class ContractChanged:
    """A contract changed: its row as of `revision`, None where it was deleted or left the caller's sight.
    `action` says what was done (`contract.accept`); `change_time` when.
    """

    revision: int
    contract_id: str
    action: str
    change_time: Moment | None
    row: ContractRow | None


@dataclass(frozen=True, slots=True)
class WatchHeartbeat:
    """Nothing happened; the register is as far as `revision`. The first event of a watch is one."""

    revision: int


@dataclass(frozen=True, slots=True)
class WatchGap:
    """Events were missed and are not told again (the connection was lost for too long, or the reader was too
    slow): read again what is on the screen. The watch goes on after `revision`.
    """

    revision: int


@dataclass(frozen=True, slots=True)
class UnreadNotices:
    """So many of the caller's notices are unread: told soon after the beginning, and whenever that changes."""

    revision: int
    count: int


WatchEvent = ContractChanged | WatchHeartbeat | WatchGap | UnreadNotices

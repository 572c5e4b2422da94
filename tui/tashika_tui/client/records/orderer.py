"""Orderers (発注者), and as much of their policies as people look at."""

from dataclasses import dataclass

from tashika_tui.client.records.common import Day
from tashika_tui.client.records.handing_in import HandInRule


@dataclass(frozen=True, slots=True)
class OrdererFilter:
    """Which orderers a list shows, and from where on. `sort` is KANA or NAME; `from_value` a value of it.

    `search` are words, each of them part of the name, its reading or the prefecture, in any width and kana.
    """

    prefecture: str = ""
    sort: str = ""
    from_value: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class OrdererRow:
    """An orderer (発注者) in a list; `electronic` says that its latest policy accepts electronic guarantees."""

    orderer_id: str
    name: str
    prefecture: str
    electronic: bool
    kana: str = ""


@dataclass(frozen=True, slots=True)
class ElectronicRule:
    """Where an orderer accepts the electronic form: products, works kinds, kinds of guarantors; all that is
    listed, and only that. `since_basis` says which date is compared with `since`.
    """

    products: tuple[str, ...]
    works_kinds: tuple[str, ...]
    guarantor_kinds: tuple[str, ...]
    since: Day | None
    since_basis: str


@dataclass(frozen=True, slots=True)
class OrdererSection:
    """A section (担当課). `to` is where a key goes; `addressee` is its own, where it has one."""

    name: str
    to: str
    addressee: str


@dataclass(frozen=True, slots=True)
class OrdererPolicy:
    """A version of an orderer's policy. `valid_from` None: always; `electronic` None: paper only."""

    version: int
    valid_from: Day | None
    addressee: str
    electronic: ElectronicRule | None
    sections: tuple[OrdererSection, ...]
    hand_in: tuple[HandInRule, ...]
    payment_within_days: int | None
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Orderer:
    """An orderer with every version of its policy, the oldest first."""

    orderer_id: str
    name: str
    prefecture: str
    kana: str
    policies: tuple[OrdererPolicy, ...]
    etag: str

    @property
    def latest(self) -> OrdererPolicy | None:
        """The newest version; which one holds for an application is the server's to decide."""
        return self.policies[-1] if self.policies else None

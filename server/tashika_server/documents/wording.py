"""How Japanese public documents say things: products, amounts, dates, words that depend on the works."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tashika_formats.dates import era_date
from tashika_server.domain.handing_in import PRODUCT_NAMES
from tashika_server.domain.model import Product

_CONSTRUCTION: Final = "CONSTRUCTION"


@dataclass(frozen=True, slots=True)
class WorksWords:
    """The words for construction (工事), or for services and consulting (業務)."""

    name: str
    number: str
    place: str
    period: str
    price: str


def product_name(code: str) -> str:
    """What is guaranteed, such as 前払金保証. Raises ValueError for an unknown code."""
    return PRODUCT_NAMES[Product(code)]


def works_words(kind: str) -> WorksWords:
    """The words for a works kind's code; all that is not construction is entrusted work (業務)."""
    if kind == _CONSTRUCTION:
        return WorksWords("工事名", "工事番号", "工事場所", "工期", "請負金額")
    return WorksWords("業務名", "業務番号", "履行場所", "履行期間", "契約金額")


def yen(amount: int) -> str:
    """An amount as certificates write it: 金 1,234,567 円."""
    return f"金 {amount:,} 円"


def day(iso: str) -> str:
    """A day of the form 2025-12-26 in the era calendar. Raises ValueError."""
    return era_date(date.fromisoformat(iso))


def period(first: str | None, last: str | None) -> str:
    """Both days in the era calendar, one of them if the other is open."""
    parts = [day(first) + "から" if first else "", day(last) + "まで" if last else ""]
    return "　".join(part for part in parts if part)


def ratio(percent_hundredths: int) -> str:
    """A share in hundredths of a percent: 5000 is 50.00％."""
    return f"{percent_hundredths // 100}.{percent_hundredths % 100:02d}％"

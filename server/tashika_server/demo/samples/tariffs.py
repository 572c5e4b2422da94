"""Invented tariffs. The rates are nobody's: real guarantors' tariffs are theirs, and each of these says 架空の料率."""

from datetime import date

from tashika_server.domain.fee_records import FeeRounding
from tashika_server.domain.model import Product
from tashika_server.domain.tariff import TariffBand, TariffTable

_MANY_YEN = 10_000

# Up to so many 万円 (None: any amount), at so many hundred-thousandths. They are odd, so that nobody takes them for
# real ones.
_Steps = tuple[tuple[int | None, int], ...]
_ADVANCE: _Steps = ((100, 431), (500, 387), (3_000, 333), (10_000, 291), (None, 257))
_PERFORMANCE: _Steps = ((100, 613), (1_000, 557), (5_000, 487), (20_000, 421), (None, 373))

# Each guarantor's own: so many hundredths of the rates above, the smallest fee, and how it rounds.
_KINDS = (
    (100, 3_000, FeeRounding.DOWN, 1),
    (94, 2_500, FeeRounding.DOWN, 10),
    (107, 2_000, FeeRounding.HALF_UP, 100),
)
_CHEAPER_PERCENT = 96


def tariff(guarantor: int, valid_from: date, *, later: bool = False) -> TariffTable:
    """Give the tariff of a sample guarantor, by its place; ``later``: a cheaper one that follows it."""
    percent, minimum_yen, rounding, unit = _KINDS[guarantor % len(_KINDS)]
    if later:
        percent = percent * _CHEAPER_PERCENT // 100
    bands = (
        *_bands(Product.PREPAYMENT, _ADVANCE, percent, minimum_yen),
        *_bands(Product.MIDTERM_PREPAYMENT, _ADVANCE, percent, minimum_yen),
        *_bands(Product.PERFORMANCE, _PERFORMANCE, percent, minimum_yen),
    )
    name = f"見本料率表（{'改定' if later else '当初'}）"
    return TariffTable(name, valid_from, rounding, unit, bands, fictional=True)


def _bands(product: Product, steps: _Steps, percent: int, minimum_yen: int) -> tuple[TariffBand, ...]:
    bands: list[TariffBand] = []
    over_yen = 0
    for up_to, rate in steps:
        up_to_yen = None if up_to is None else up_to * _MANY_YEN
        bands.append(TariffBand(product, over_yen, rate * percent // 100, minimum_yen, up_to_yen))
        over_yen = up_to_yen or 0
    return tuple(bands)

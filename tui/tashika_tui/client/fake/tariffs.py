"""Tariffs of a simulated register: what is wrong with one, when it may begin, and the fee that it gives."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tashika_tui.client.fake.refusals import Violation, refuse
from tashika_tui.client.records import FeeBasis, Tariff, TariffBand, TariffTable, TariffVersion

FICTIONAL_LABEL = "架空の料率"
PER = 100_000
_UNITS = (1, 10, 100, 1_000)
_PRODUCTS = ("PERFORMANCE", "PREPAYMENT", "MIDTERM_PREPAYMENT")
# Invented rates, at which nobody guarantees anything.
_SAMPLE = {
    "PERFORMANCE": ((5_000_000, 613), (50_000_000, 487), (None, 373)),
    "PREPAYMENT": ((5_000_000, 431), (50_000_000, 333), (None, 257)),
}
_SAMPLE_MINIMUM_YEN = 3_000


def label_of(fictional: bool) -> str:
    """What stands beside everything that comes of a fictional tariff."""
    return FICTIONAL_LABEL if fictional else ""


def sample_table(valid_from: date) -> TariffTable:
    """An invented tariff."""
    bands: list[TariffBand] = []
    for product, steps in _SAMPLE.items():
        over_yen = 0
        for up_to_yen, rate in steps:
            bands.append(TariffBand(product, over_yen, up_to_yen, rate, _SAMPLE_MINIMUM_YEN))
            over_yen = up_to_yen or 0
    return TariffTable("見本料率表", valid_from, "DOWN", 10, tuple(bands), fictional=True)


def sample_tariff(guarantor_id: str, today: date) -> Tariff:
    """A tariff with one version, in force for more than a year."""
    table = sample_table((today - timedelta(days=400)).replace(day=1))
    return Tariff(guarantor_id, (TariffVersion(1, table, None, "", FICTIONAL_LABEL),), 1, "e0")


def on_day(tariff: Tariff, day: date) -> TariffVersion | None:
    """The version in force on a day; of those with the same first day the last."""
    found: TariffVersion | None = None
    for version in tariff.versions:
        since = version.table.valid_from or date.min
        if since <= day and (found is None or since >= (found.table.valid_from or date.min)):
            found = version
    return found


def as_of(tariff: Tariff, today: date) -> Tariff:
    """The tariff with the version that is in force today."""
    current = on_day(tariff, today)
    return replace(tariff, current_version=current.version if current is not None else None)


def propose(version: TariffVersion | None, product: str, amount_yen: int | None) -> FeeBasis | None:
    """The fee for an amount; None where the tariff has none."""
    if version is None or amount_yen is None:
        return None
    table = version.table
    band = next((each for each in table.bands if each.product == product and _holds(each, amount_yen)), None)
    if band is None:
        return None
    computed = _rounded(amount_yen * band.rate_per_100000, table.rounding, table.round_to_yen)
    return FeeBasis(
        tariff_version=version.version,
        tariff_name=table.name,
        valid_from=table.valid_from,
        amount_yen=amount_yen,
        over_yen=band.over_yen,
        up_to_yen=band.up_to_yen,
        rate_per_100000=band.rate_per_100000,
        computed_yen=computed,
        minimum_fee_yen=band.minimum_fee_yen,
        fee_yen=max(computed, band.minimum_fee_yen),
        rounding=table.rounding,
        round_to_yen=table.round_to_yen,
        fictional=table.fictional,
        label=label_of(table.fictional),
    )


def with_version(tariff: Tariff, table: TariffTable, user_id: str, now: datetime, today: date) -> Tariff:
    """The tariff with one more version. Refuses TARIFF_RETROACTIVE and TARIFF_NOT_IN_ORDER."""
    since = table.valid_from or date.min
    earliest = today + timedelta(days=1) if on_day(tariff, today) is not None else today
    if since < earliest:
        raise refuse("TARIFF_RETROACTIVE", "table.valid_from", earliest=earliest)
    latest = max((each.table.valid_from or date.min for each in tariff.versions), default=date.min)
    if since < latest:
        raise refuse("TARIFF_NOT_IN_ORDER", "table.valid_from", latest=latest)
    version = TariffVersion(len(tariff.versions) + 1, table, now, user_id, label_of(table.fictional))
    return replace(tariff, versions=(*tariff.versions, version))


def table_faults(table: TariffTable) -> list[Violation]:
    """What is wrong with a table by itself."""
    found = []
    if not table.name.strip():
        found.append(Violation("FIELD_REQUIRED", "table.name"))
    if table.valid_from is None:
        found.append(Violation("FIELD_REQUIRED", "table.valid_from"))
    if not table.rounding:
        found.append(Violation("FIELD_REQUIRED", "table.rounding"))
    if table.round_to_yen not in _UNITS:
        found.append(Violation("CHOICE_UNKNOWN", "table.round_to_yen", {"allowed": "1, 10, 100, 1000"}))
    if not table.bands:
        found.append(Violation("FIELD_REQUIRED", "table.bands"))
    malformed = [each for place, band in enumerate(table.bands) for each in _band_faults(place, band)]
    return [*found, *(malformed or _misplaced(table.bands))]


def _band_faults(place: int, band: TariffBand) -> list[Violation]:
    found = []
    field = f"table.bands[{place}]"
    if not band.product:
        found.append(Violation("FIELD_REQUIRED", f"{field}.product"))
    if band.rate_per_100000 < 1:
        found.append(Violation("AMOUNT_NOT_POSITIVE", f"{field}.rate_per_100000"))
    if band.up_to_yen is not None and band.up_to_yen <= band.over_yen:
        params = {"minimum_yen": band.over_yen + 1}
        found.append(Violation("AMOUNT_NOT_POSITIVE", f"{field}.up_to_yen", params))
    return found


def _misplaced(bands: tuple[TariffBand, ...]) -> list[Violation]:
    found = []
    for product in _PRODUCTS:
        own = [(place, band) for place, band in enumerate(bands) if band.product == product]
        reached: int | None = 0
        place = 0
        for place, band in sorted(own, key=lambda pair: (pair[1].over_yen, pair[0])):
            field = f"table.bands[{place}].over_yen"
            if reached is None or band.over_yen < reached:
                found.append(Violation("TARIFF_BANDS_OVERLAP", field, {"product": product}))
            elif band.over_yen > reached:
                gap = {"product": product, "over_yen": reached, "up_to_yen": band.over_yen}
                found.append(Violation("TARIFF_BANDS_GAP", field, gap))
            reached = None if reached is None or band.up_to_yen is None else max(reached, band.up_to_yen)
        if own and reached is not None:
            gap = {"product": product, "over_yen": reached}
            found.append(Violation("TARIFF_BANDS_GAP", f"table.bands[{place}].up_to_yen", gap))
    return found


def _holds(band: TariffBand, amount_yen: int) -> bool:
    return band.over_yen < amount_yen and (band.up_to_yen is None or amount_yen <= band.up_to_yen)


def _rounded(hundred_thousandths: int, rounding: str, unit_yen: int) -> int:
    unit = PER * unit_yen
    if rounding == "UP":
        return -(-hundred_thousandths // unit) * unit_yen
    if rounding == "HALF_UP":
        return (2 * hundred_thousandths + unit) // (2 * unit) * unit_yen
    return hundred_thousandths // unit * unit_yen

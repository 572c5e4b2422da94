"""The tariff of a guarantor (保証料率表): bands of guaranteed amounts with their rates, valid from a day on.

A fee is the whole guaranteed amount times the rate of the one band that the amount lies in, rounded as the tariff
says, and at least the band's minimum. How real companies reckon is not public; this is the plainest reading of
"product, band, rate in 1/100,000, minimum, rounding", and one line of the fee sheet shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tashika_server.domain import limits
from tashika_server.domain.fee_records import FICTIONAL_LABEL, FeeBasis, FeeRounding
from tashika_server.domain.form import Findings
from tashika_server.domain.model import Product
from tashika_server.domain.reasons import Param, Reason, Violation, refuse

PER = 100_000
"""Rates are hundred-thousandths, so 350 is 0.350 percent."""

MAX_BANDS = 200
"""Some tens of bands for each product; more are a program in a loop."""

MAX_VERSIONS = 500
"""A tariff changes once or twice a year."""

ROUNDING_UNITS = (1, 10, 100, 1_000)
"""Fees are rounded to one of these, in yen."""


@dataclass(frozen=True, slots=True)
class TariffBand:
    """A row: the rate for guaranteed amounts above ``over_yen``, up to ``up_to_yen`` (included; ``None``: any).

    Clerks write it as 100万円を超え500万円以下. ``minimum_yen`` is the smallest fee in this band.
    """

    product: Product | None
    over_yen: int
    rate_per_100000: int
    minimum_yen: int = 0
    up_to_yen: int | None = None


@dataclass(frozen=True, slots=True)
class TariffTable:
    """A tariff as it is set: its bands, its rounding, the first day of its validity.

    ``fictional``: its rates are nobody's real ones, and everything that comes of it says so.
    """

    name: str
    valid_from: date
    rounding: FeeRounding | None
    round_to_yen: int
    bands: tuple[TariffBand, ...]
    fictional: bool = False

    @property
    def label(self) -> str:
        """What must stand beside everything that comes of it; empty for a real tariff."""
        return FICTIONAL_LABEL if self.fictional else ""


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """A table with its number, counted from 1, and who set it when; kept for good, since fees refer to it."""

    version: int
    table: TariffTable
    recorded_time: datetime
    user_id: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """All that a guarantor ever set as its tariff, the oldest first."""

    guarantor_id: str
    versions: tuple[TariffVersion, ...] = ()
    revision: int = 0

    def on(self, day: date) -> TariffVersion | None:
        """Give the version in force on a day. Of versions with one ``valid_from`` the last one counts, which corrected
        the others before they were in force."""
        current: TariffVersion | None = None
        for version in self.versions:
            since = version.table.valid_from
            if since <= day and (current is None or since >= current.table.valid_from):
                current = version
        return current


def propose_fee(
    tariff: Tariff, product: Product | None, amount_yen: int | None, day: date
) -> FeeBasis | None:
    """Work out the fee for a guaranteed amount by the tariff in force on a day.

    ``None`` where there is no tariff on that day, or none for the product.
    """
    version = tariff.on(day)
    if version is None or product is None or amount_yen is None:
        return None
    table = version.table
    band = next((each for each in table.bands if each.product is product and _holds(each, amount_yen)), None)
    if band is None or table.rounding is None:
        return None
    computed = _rounded(amount_yen * band.rate_per_100000, table.rounding, table.round_to_yen)
    return FeeBasis(
        tariff_version=version.version,
        tariff_name=table.name,
        valid_from=table.valid_from,
        fictional=table.fictional,
        amount_yen=amount_yen,
        over_yen=band.over_yen,
        up_to_yen=band.up_to_yen,
        rate_per_100000=band.rate_per_100000,
        computed_yen=computed,
        minimum_yen=band.minimum_yen,
        fee_yen=max(computed, band.minimum_yen),
        rounding=table.rounding,
        round_to_yen=table.round_to_yen,
    )


def set_tariff(
    tariff: Tariff, table: TariffTable, *, user_id: str, now: datetime, today: date, prefix: str = "table"
) -> Tariff:
    """Add a version. Refuses a table that would change what was told already, or comes before a later one.

    TARIFF_RETROACTIVE: the first table is valid from today on at the earliest, every other from tomorrow on, since
    today's acceptances were told by the one in force. TARIFF_NOT_IN_ORDER: a table that is to come stands after it;
    one for the same day replaces that.
    """
    in_force = tariff.on(today) is not None
    earliest = today + timedelta(days=1) if in_force else today
    field = f"{prefix}.valid_from"
    if table.valid_from < earliest:
        raise refuse(Reason.TARIFF_RETROACTIVE, field, earliest=earliest.isoformat())
    latest = max((each.table.valid_from for each in tariff.versions), default=None)
    if latest is not None and table.valid_from < latest:
        raise refuse(Reason.TARIFF_NOT_IN_ORDER, field, latest=latest.isoformat())
    if len(tariff.versions) >= MAX_VERSIONS:
        raise refuse(Reason.TOO_MANY_ITEMS, prefix, maximum=MAX_VERSIONS)
    version = TariffVersion(len(tariff.versions) + 1, table, now, user_id)
    return replace(tariff, versions=(*tariff.versions, version))


def check_table(table: TariffTable, prefix: str = "table") -> list[Violation]:
    """List what is wrong with a table by itself: malformed fields, bands that overlap, amounts without a band."""
    found = Findings(prefix)
    found.required("name", table.name)
    found.text("name", table.name, limits.SHORT)
    found.day("valid_from", table.valid_from)
    found.required("rounding", table.rounding)
    if table.round_to_yen not in ROUNDING_UNITS:
        allowed = ", ".join(str(unit) for unit in ROUNDING_UNITS)
        found.add(Reason.CHOICE_UNKNOWN, "round_to_yen", allowed=allowed)
    if not table.bands:
        found.add(Reason.FIELD_REQUIRED, "bands")
    if len(table.bands) > MAX_BANDS:
        found.add(Reason.TOO_MANY_ITEMS, "bands", maximum=MAX_BANDS)
        return found.violations
    malformed = [*_malformed(table.bands, prefix)]
    # Bands whose own numbers are wrong have no order that could be judged.
    return [*found.violations, *(malformed or _misplaced(table.bands, prefix))]


def _malformed(bands: tuple[TariffBand, ...], prefix: str) -> Iterable[Violation]:
    for index, band in enumerate(bands):
        found = Findings(f"{prefix}.bands[{index}]")
        found.required("product", band.product)
        found.yen("over_yen", band.over_yen, zero=True)
        found.yen("minimum_fee_yen", band.minimum_yen, zero=True)
        found.count("rate_per_100000", band.rate_per_100000, PER)
        found.yen("up_to_yen", band.up_to_yen)
        if band.up_to_yen is not None and 0 <= band.over_yen >= band.up_to_yen > 0:
            found.add(Reason.AMOUNT_NOT_POSITIVE, "up_to_yen", minimum_yen=band.over_yen + 1)
        yield from found.violations


def _misplaced(bands: tuple[TariffBand, ...], prefix: str) -> Iterable[Violation]:
    for product in Product:
        placed = sorted(
            ((band.over_yen, index, band) for index, band in enumerate(bands) if band.product is product),
            key=lambda each: each[:2],
        )
        reached: int | None = 0
        last = 0
        for over_yen, last, band in placed:
            field = f"{prefix}.bands[{last}].over_yen"
            names: dict[str, Param] = {"product": product.value}
            if reached is None or over_yen < reached:
                if reached is not None:
                    names["reached_yen"] = reached
                yield Violation(Reason.TARIFF_BANDS_OVERLAP, field, names)
            elif over_yen > reached:
                yield Violation(
                    Reason.TARIFF_BANDS_GAP, field, {**names, "over_yen": reached, "up_to_yen": over_yen}
                )
            reached = None if reached is None or band.up_to_yen is None else max(reached, band.up_to_yen)
        if placed and reached is not None:
            field = f"{prefix}.bands[{last}].up_to_yen"
            yield Violation(Reason.TARIFF_BANDS_GAP, field, {"product": product.value, "over_yen": reached})


def _holds(band: TariffBand, amount_yen: int) -> bool:
    return band.over_yen < amount_yen and (band.up_to_yen is None or amount_yen <= band.up_to_yen)


def _rounded(hundred_thousandths: int, rounding: FeeRounding, unit_yen: int) -> int:
    unit = PER * unit_yen
    if rounding is FeeRounding.UP:
        return -(-hundred_thousandths // unit) * unit_yen
    if rounding is FeeRounding.HALF_UP:
        return (2 * hundred_thousandths + unit) // (2 * unit) * unit_yen
    return hundred_thousandths // unit * unit_yen

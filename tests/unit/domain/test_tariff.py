"""The tariff: which table counts on a day, what the fee is, and which tables are refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tashika_server.domain.fee_records import FICTIONAL_LABEL, FeeRounding
from tashika_server.domain.model import Product
from tashika_server.domain.reasons import Reason, RefusedError, Violation
from tashika_server.domain.tariff import (
    MAX_BANDS,
    Tariff,
    TariffBand,
    TariffTable,
    check_table,
    propose_fee,
    set_tariff,
)
from tests.unit.domain.making import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)
P, C = Product.PREPAYMENT, Product.PERFORMANCE
BANDS = (
    TariffBand(P, 0, 350, 3_000, 10_000_000),
    TariffBand(P, 10_000_000, 300, 35_000, 50_000_000),
    TariffBand(P, 50_000_000, 250, 150_000),
    TariffBand(C, 0, 400, 3_000),
)
TABLE = TariffTable("見本料率表", TODAY, FeeRounding.DOWN, 10, BANDS, fictional=True)


def put(*tables: TariffTable, today: date = TODAY) -> Tariff:
    tariff = Tariff("org_guarantor")
    for table in tables:
        tariff = set_tariff(tariff, table, user_id="usr_1", now=NOW, today=today)
    return tariff


def faults(*bands: TariffBand, **changes: object) -> set[tuple[Reason, str]]:
    table = replace(TABLE, bands=bands or BANDS, **changes)  # type: ignore[arg-type]
    return {(each.reason, each.field) for each in check_table(table)}


@pytest.mark.parametrize(
    ("amount_yen", "computed_yen", "fee_yen"),
    [
        (1, 0, 3_000),
        (999_999, 3_490, 3_490),
        (10_000_000, 35_000, 35_000),
        (10_000_001, 30_000, 35_000),
        (50_000_000, 150_000, 150_000),
        (50_000_001, 125_000, 150_000),
        (400_000_000, 1_000_000, 1_000_000),
    ],
)
def test_the_fee_is_the_amount_by_the_rate_of_its_band_and_at_least_the_minimum(
    amount_yen: int, computed_yen: int, fee_yen: int
) -> None:
    basis = propose_fee(put(TABLE), P, amount_yen, TODAY)
    assert basis is not None
    assert (basis.computed_yen, basis.fee_yen, basis.tariff_version) == (computed_yen, fee_yen, 1)


@pytest.mark.parametrize(
    ("rounding", "unit", "fee_yen"),
    [
        (FeeRounding.DOWN, 1, 4_938),
        (FeeRounding.UP, 1, 4_939),
        (FeeRounding.HALF_UP, 1, 4_938),
        (FeeRounding.DOWN, 100, 4_900),
        (FeeRounding.UP, 100, 5_000),
        (FeeRounding.HALF_UP, 100, 4_900),
        (FeeRounding.HALF_UP, 1_000, 5_000),
    ],
)
def test_the_fee_is_rounded_as_the_tariff_says(rounding: FeeRounding, unit: int, fee_yen: int) -> None:
    table = replace(TABLE, rounding=rounding, round_to_yen=unit)
    basis = propose_fee(put(table), C, 1_234_567, TODAY)  # 4,938.268 yen before it
    assert basis is not None
    assert basis.fee_yen == fee_yen


def test_half_a_unit_goes_up_and_a_whole_one_stays() -> None:
    table = replace(TABLE, rounding=FeeRounding.HALF_UP, round_to_yen=100)
    fees = [propose_fee(put(table), C, amount, TODAY) for amount in (1_012_500, 1_012_499, 1_000_000)]
    assert [fee.fee_yen for fee in fees if fee] == [4_100, 4_000, 4_000]


def test_everything_that_comes_of_a_fictional_tariff_says_so() -> None:
    for fictional, label in ((True, FICTIONAL_LABEL), (False, "")):
        table = replace(TABLE, fictional=fictional)
        basis = propose_fee(put(table), P, 1, TODAY)
        assert basis is not None
        assert (table.label, basis.label) == (label, label)


def test_without_a_tariff_for_the_day_or_the_product_nothing_is_proposed() -> None:
    later = put(replace(TABLE, valid_from=TOMORROW))
    assert propose_fee(later, P, 1_000, TODAY) is None
    assert propose_fee(later, P, 1_000, TOMORROW) is not None
    assert propose_fee(put(TABLE), Product.MIDTERM_PREPAYMENT, 1_000, TODAY) is None
    assert propose_fee(put(TABLE), P, None, TODAY) is None
    assert propose_fee(Tariff("org_guarantor"), P, 1_000, TODAY) is None


def test_a_new_table_counts_from_its_day_on_and_the_old_one_until_then() -> None:
    dearer = replace(TABLE, valid_from=TOMORROW, bands=(TariffBand(P, 0, 1_000),))
    tariff = put(TABLE, dearer)
    before, after = propose_fee(tariff, P, 1_000_000, TODAY), propose_fee(tariff, P, 1_000_000, TOMORROW)
    assert before is not None and after is not None
    assert (before.fee_yen, after.fee_yen, after.tariff_version) == (3_500, 10_000, 2)


def test_a_table_that_is_to_come_is_corrected_by_another_for_the_same_day() -> None:
    wrong = replace(TABLE, valid_from=TOMORROW, bands=(TariffBand(P, 0, 1_000),))
    right = replace(wrong, bands=(TariffBand(P, 0, 100),))
    current = put(TABLE, wrong, right).on(TOMORROW)
    assert current is not None
    assert (current.version, current.table) == (3, right)


@pytest.mark.parametrize(
    ("present", "valid_from", "reason"),
    [
        ((), TODAY - timedelta(days=1), Reason.TARIFF_RETROACTIVE),
        ((TABLE,), TODAY, Reason.TARIFF_RETROACTIVE),
        ((replace(TABLE, valid_from=date(2027, 4, 1)),), TODAY, Reason.TARIFF_NOT_IN_ORDER),
        ((TABLE, replace(TABLE, valid_from=date(2027, 4, 1))), date(2027, 3, 31), Reason.TARIFF_NOT_IN_ORDER),
    ],
)
def test_a_table_neither_changes_what_was_told_nor_comes_before_a_later_one(
    present: tuple[TariffTable, ...], valid_from: date, reason: Reason
) -> None:
    with pytest.raises(RefusedError) as refused:
        put(*present, replace(TABLE, valid_from=valid_from))
    assert [(each.reason, each.field) for each in refused.value.violations] == [(reason, "table.valid_from")]


def test_a_sound_table_has_no_faults() -> None:
    assert faults() == set()
    assert faults(TariffBand(C, 0, 1)) == set()
    shuffled = (BANDS[2], BANDS[0], BANDS[3], BANDS[1])
    assert faults(*shuffled) == set()


@pytest.mark.parametrize(
    ("bands", "reason", "field"),
    [
        # Twice the same amounts, amounts from a band before, and after a band without end.
        ((BANDS[0], BANDS[0], *BANDS[1:]), Reason.TARIFF_BANDS_OVERLAP, "table.bands[1].over_yen"),
        (
            (BANDS[0], replace(BANDS[1], over_yen=9_999_999), *BANDS[2:]),
            Reason.TARIFF_BANDS_OVERLAP,
            "table.bands[1].over_yen",
        ),
        ((*BANDS, TariffBand(C, 1_000, 1)), Reason.TARIFF_BANDS_OVERLAP, "table.bands[4].over_yen"),
        # Amounts between two bands, below the first, and above the last.
        (
            (BANDS[0], replace(BANDS[1], over_yen=10_000_001), *BANDS[2:]),
            Reason.TARIFF_BANDS_GAP,
            "table.bands[1].over_yen",
        ),
        ((replace(BANDS[0], over_yen=1), *BANDS[1:]), Reason.TARIFF_BANDS_GAP, "table.bands[0].over_yen"),
        (BANDS[:2], Reason.TARIFF_BANDS_GAP, "table.bands[1].up_to_yen"),
        # One number by itself.
        (
            (replace(BANDS[3], rate_per_100000=-1),),
            Reason.AMOUNT_NOT_POSITIVE,
            "table.bands[0].rate_per_100000",
        ),
        (
            (replace(BANDS[3], rate_per_100000=0),),
            Reason.AMOUNT_NOT_POSITIVE,
            "table.bands[0].rate_per_100000",
        ),
        (
            (replace(BANDS[3], rate_per_100000=100_001),),
            Reason.AMOUNT_TOO_LARGE,
            "table.bands[0].rate_per_100000",
        ),
        ((replace(BANDS[3], minimum_yen=-1),), Reason.AMOUNT_NOT_POSITIVE, "table.bands[0].minimum_fee_yen"),
        ((replace(BANDS[3], over_yen=-1),), Reason.AMOUNT_NOT_POSITIVE, "table.bands[0].over_yen"),
        ((replace(BANDS[0], over_yen=10_000_000),), Reason.AMOUNT_NOT_POSITIVE, "table.bands[0].up_to_yen"),
        ((replace(BANDS[3], product=None),), Reason.FIELD_REQUIRED, "table.bands[0].product"),
        ((BANDS[3],) * (MAX_BANDS + 1), Reason.TOO_MANY_ITEMS, "table.bands"),
    ],
)
def test_bands_that_are_refused(bands: tuple[TariffBand, ...], reason: Reason, field: str) -> None:
    assert faults(*bands) == {(reason, field)}


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"name": ""}, Reason.FIELD_REQUIRED, "table.name"),
        ({"name": "あ" * 101}, Reason.FIELD_TOO_LONG, "table.name"),
        ({"rounding": None}, Reason.FIELD_REQUIRED, "table.rounding"),
        ({"round_to_yen": 7}, Reason.CHOICE_UNKNOWN, "table.round_to_yen"),
        ({"valid_from": date(1900, 1, 1)}, Reason.DATE_OUT_OF_RANGE, "table.valid_from"),
    ],
)
def test_heads_that_are_refused(changes: dict[str, object], reason: Reason, field: str) -> None:
    assert faults(**changes) == {(reason, field)}


def test_a_table_without_bands_is_refused() -> None:
    found = check_table(replace(TABLE, bands=()))
    assert found == [Violation(Reason.FIELD_REQUIRED, "table.bands")]


def test_a_gap_is_told_with_the_amounts_that_have_no_band() -> None:
    (found,) = check_table(replace(TABLE, bands=(BANDS[0], BANDS[2])))
    assert found.params == {"product": "PREPAYMENT", "over_yen": 10_000_000, "up_to_yen": 50_000_000}

import pytest

from tashika_server.domain.model import Application, Product
from tashika_server.domain.slots import slot
from tests.unit.domain.making import multi_year, performance, prepayment


def test_one_contract_guarantee_for_each_works_contract() -> None:
    assert slot(performance()) == slot(performance(amount_yen=1))
    assert slot(performance()) != slot(performance(works_id="wrk_2"))


def test_contract_guarantee_and_prepayment_stand_side_by_side() -> None:
    assert slot(performance()) != slot(prepayment())


def test_one_prepayment_for_each_fiscal_year() -> None:
    assert slot(multi_year(fiscal_year=2026)) == slot(multi_year(fiscal_year=2026, amount_yen=1))
    assert slot(multi_year(fiscal_year=2026)) != slot(multi_year(fiscal_year=2027))


def test_a_contract_guarantee_knows_no_fiscal_year() -> None:
    assert slot(performance(fiscal_year=2026)) == slot(performance())


@pytest.mark.parametrize("bare", [Application(product=Product.PREPAYMENT), Application(works_id="wrk_1")])
def test_an_application_without_works_or_product_takes_none(bare: Application) -> None:
    with pytest.raises(ValueError, match="slot"):
        slot(bare)

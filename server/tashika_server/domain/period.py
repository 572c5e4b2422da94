"""The dates of an application: what has happened, what the guarantee must cover, and the fiscal year."""

from datetime import date

from tashika_server.domain.calendar import fiscal_year, fiscal_year_bounds
from tashika_server.domain.defaults import last_day_of_year, required_end
from tashika_server.domain.form import Findings
from tashika_server.domain.model import Application, Product
from tashika_server.domain.reasons import Reason, Violation


def check_dates(application: Application, today: date, prefix: str = "application") -> list[Violation]:
    """List what is entered as done and lies in the future: notice, contract and initial contract date."""
    found = Findings(f"{prefix}.works")
    for field in ("notice_date", "contract_date", "initial_contract_date"):
        found.day(field, getattr(application.works, field), latest=today)
    return found.violations


def check_period(application: Application, today: date, prefix: str = "application") -> list[Violation]:
    """List where the guarantee period falls short.

    It reaches to the end of the works (see ``defaults.required_end``) and is not over already; a contract
    guarantee covers the works from their first day.
    """
    found = Findings(prefix)
    start, end = application.period_start, application.period_end
    must_reach = required_end(application)
    if end is not None and must_reach is not None and end < must_reach:
        found.add(Reason.GUARANTEE_PERIOD_TOO_SHORT, "period_end", must_reach=must_reach.isoformat())
    elif end is not None and end < today:
        found.add(Reason.GUARANTEE_PERIOD_TOO_SHORT, "period_end", must_reach=today.isoformat())
    begins = application.works.period_start
    covers_works = application.product is Product.PERFORMANCE and not application.period_on_signing
    if covers_works and start is not None and begins is not None and start > begins:
        found.add(Reason.GUARANTEE_PERIOD_TOO_SHORT, "period_start", must_begin=begins.isoformat())
    return found.violations


def check_fiscal_year(application: Application, today: date, prefix: str = "application") -> list[Violation]:
    """List what speaks against the fiscal year of a multi-year prepayment.

    It can't be asked for before that year's budget runs (1 April), the works run in that year, its planned
    work value is a part of the price, and the guarantee stays within the year.
    """
    last_day = last_day_of_year(application)
    year = application.fiscal_year
    if last_day is None or year is None:
        return []
    found = Findings(prefix)
    first_day = fiscal_year_bounds(year)[0]
    if today < first_day:
        found.add(
            Reason.FISCAL_YEAR_NOT_BEGUN, "fiscal_year", fiscal_year=year, first_day=first_day.isoformat()
        )
    _check_works_years(found, application, year)
    price, planned = application.works.price_yen, application.planned_work_value_yen
    if price is not None and planned is not None and planned > price:
        found.add(Reason.AMOUNT_TOO_LARGE, "planned_work_value_yen", maximum_yen=price)
    if application.period_end is not None and application.period_end > last_day:
        found.add(Reason.PERIOD_BEYOND_FISCAL_YEAR, "period_end", last_day=last_day.isoformat())
    start = application.period_start
    if start is not None and not first_day <= start <= last_day:
        found.add(
            Reason.PERIOD_BEYOND_FISCAL_YEAR,
            "period_start",
            first_day=first_day.isoformat(),
            last_day=last_day.isoformat(),
        )
    return found.violations


def _check_works_years(found: Findings, application: Application, year: int) -> None:
    works = application.works
    begins = works.period_start or works.contract_date or works.expected_contract_date
    first = fiscal_year(begins) if begins is not None else year
    last = fiscal_year(works.period_end) if works.period_end is not None else year
    if not first <= year <= last:
        found.add(Reason.FISCAL_YEAR_OUTSIDE_WORKS, "fiscal_year", first_year=first, last_year=last)

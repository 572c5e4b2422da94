"""What an application means where it leaves a thing open."""

from dataclasses import replace
from datetime import date

from tashika_server.domain.calendar import fiscal_year_bounds
from tashika_server.domain.limits import FIRST_DAY, LAST_DAY
from tashika_server.domain.model import Application, Product


def with_defaults(application: Application) -> Application:
    """Fill in the end of the guarantee period, which is by default the last day that it must reach."""
    if application.period_end is not None:
        return application
    return replace(application, period_end=required_end(application))


def required_end(application: Application) -> date | None:
    """Give the last day that the guarantee must reach; ``None`` where the works' end is not known.

    That is the end of the works. A prepayment guarantee of multi-year works reaches to the end of its fiscal
    year (31 March), in the last year to the end of the works.
    """
    end = application.works.period_end
    last = last_day_of_year(application)
    if end is None or last is None:
        return end
    return min(end, last)


def last_day_of_year(application: Application) -> date | None:
    """Give the end of the fiscal year that a prepayment guarantee of multi-year works is for; else ``None``."""
    year = application.fiscal_year
    if application.product is not Product.PREPAYMENT or not application.works.multi_year or year is None:
        return None
    if not FIRST_DAY.year <= year < LAST_DAY.year:
        return None
    return fiscal_year_bounds(year)[1]

"""What a guarantor's contracts add up to."""

from datetime import date

from tashika.v1 import report_service_pb2
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import Calls
from tashika_tui.client.wire.reports import portfolio
from tashika_tui.client.wire.values import put_day


class ReportCalls(Calls):
    """The port's `Reports`."""

    async def get_portfolio(self, first: date, last: date) -> records.Portfolio:
        """The lead times of a period."""
        request = report_service_pb2.GetPortfolioRequest()
        put_day(request, "first_day", first)
        put_day(request, "last_day", last)
        return portfolio(await self._unary(self._reports.GetPortfolio, request))

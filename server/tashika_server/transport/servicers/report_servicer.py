"""ReportService."""

from tashika.v1 import report_service_pb2 as pb
from tashika_server.application.reports import Reports
from tashika_server.transport.call import Call
from tashika_server.transport.convert.reports import portfolio_to_proto
from tashika_server.transport.convert.values import date_from_proto
from tashika_server.transport.methods import Handler, Lane, Method, service


class ReportServicer:
    """What a guarantor's contracts add up to."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def get_portfolio(self, request: pb.GetPortfolioRequest, call: Call) -> pb.GetPortfolioResponse:
        """Give the portfolio of a period."""
        first = date_from_proto(request.first_day, "first_day")
        last = date_from_proto(request.last_day, "last_day")
        return portfolio_to_proto(await self._reports.lead_times(call.caller, first, last))

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {"GetPortfolio": self.get_portfolio}
        return service("tashika.v1.ReportService", handlers, {"GetPortfolio": Lane.HEAVY})

"""Portfolios."""

from tashika.v1 import report_service_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import optional, token


def portfolio(response: report_service_pb2.GetPortfolioResponse) -> records.Portfolio:
    """The portfolio of a period."""
    return records.Portfolio(tuple(_spread(item) for item in response.lead_times))


def _spread(message: report_service_pb2.LeadTimeSpread) -> records.LeadTimeSpread:
    return records.LeadTimeSpread(
        leg=token(message, "leg"),
        count=message.count,
        same_day_count=message.same_day_count,
        half_seconds=optional(message, "half_seconds"),
        nine_tenths_seconds=optional(message, "nine_tenths_seconds"),
        longest_seconds=optional(message, "longest_seconds"),
        bars=tuple(records.LeadTimeBar(optional(bar, "below_seconds"), bar.count) for bar in message.bars),
    )

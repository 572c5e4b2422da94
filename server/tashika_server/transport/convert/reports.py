"""Portfolios."""

from collections.abc import Mapping

from tashika.v1 import report_service_pb2 as pb
from tashika_server.domain.lead_time import STEPS, Leg, Spread, histogram
from tashika_server.transport.convert.enums import to_proto_enum


def portfolio_to_proto(spreads: Mapping[Leg, Spread]) -> pb.GetPortfolioResponse:
    """Give the message of a portfolio: each leg, in the order of the way."""
    return pb.GetPortfolioResponse(lead_times=[_spread_to_proto(leg, spreads[leg]) for leg in Leg])


def _spread_to_proto(leg: Leg, spread: Spread) -> pb.LeadTimeSpread:
    ends: tuple[int | None, ...] = (*STEPS, None)
    return pb.LeadTimeSpread(
        leg=to_proto_enum(pb.LeadTimeLeg, leg),
        count=spread.count,
        same_day_count=spread.same_day,
        half_seconds=spread.percentile(50),
        nine_tenths_seconds=spread.percentile(90),
        longest_seconds=spread.percentile(100),
        bars=[
            pb.LeadTimeBar(below_seconds=end, count=count)
            for end, count in zip(ends, histogram(spread.times), strict=True)
        ],
    )

"""Offices of guarantors."""

from tashika.v1 import directory_service_pb2, organization_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.values import moment, token, tokens


def guarantor_offices(message: directory_service_pb2.GuarantorOffices) -> records.GuarantorOffices:
    """A guarantor with its offices."""
    return records.GuarantorOffices(
        message.organization_id, message.name, message.telephone, tuple(map(_office, message.offices))
    )


def _office(message: directory_service_pb2.Office) -> records.Office:
    branch = message.branch
    return records.Office(
        name=branch.name,
        telephone=branch.telephone,
        address=branch.address,
        hours=_hours(branch.hours) if branch.HasField("hours") else None,
        open_now=message.open_now,
        change_time=moment(message, "change_time"),
        closed_reason=token(message, "closed_reason"),
    )


def _hours(message: organization_pb2.OpeningHours) -> records.OpeningHours:
    return records.OpeningHours(
        opens_minute=message.opens_minute,
        closes_minute=message.closes_minute,
        closed_weekdays=tokens(message, "closed_weekdays"),
        open_on_holidays=message.open_on_holidays,
        yearly_closures=tuple(
            ((each.first.month, each.first.day), (each.last.month, each.last.day))
            for each in message.yearly_closures
        ),
    )

"""Offices of guarantors, their opening hours, and how they stand."""

from tashika.v1 import directory_service_pb2 as pb
from tashika.v1 import organization_pb2
from tashika_server.application.directory import Offices
from tashika_server.domain.model import Branch, Organization
from tashika_server.domain.opening_hours import OpeningHours, Weekday, YearlyClosure
from tashika_server.transport.convert.enums import to_proto_enum, token_of
from tashika_server.transport.convert.values import moment_to_proto, path


def branch_to_proto(branch: Branch) -> organization_pb2.Branch:
    """Give an office's message."""
    message = organization_pb2.Branch(name=branch.name, telephone=branch.telephone, address=branch.address)
    if branch.hours is not None:
        message.hours.CopyFrom(_hours_to_proto(branch.hours))
    return message


def branch_from_proto(message: organization_pb2.Branch, prefix: str) -> Branch:
    """Read an office."""
    hours = _hours_from_proto(message.hours, path(prefix, "hours")) if message.HasField("hours") else None
    return Branch(message.name, message.telephone, message.address, hours)


def guarantor_offices_to_proto(guarantor: Organization, offices: Offices) -> pb.GuarantorOffices:
    """Give a guarantor with its offices, and how each stands."""
    return pb.GuarantorOffices(
        organization_id=guarantor.organization_id,
        name=guarantor.name,
        telephone=guarantor.telephone,
        offices=[_office(branch, offices) for branch in guarantor.branches],
    )


def _office(branch: Branch, offices: Offices) -> pb.Office:
    found = offices.standing(branch)
    if found is None:
        return pb.Office(branch=branch_to_proto(branch))
    return pb.Office(
        branch=branch_to_proto(branch),
        open_now=found.open_now,
        change_time=moment_to_proto(found.next_change),
        closed_reason=to_proto_enum(pb.OfficeClosedReason, found.closed_reason),
    )


def _hours_to_proto(hours: OpeningHours) -> organization_pb2.OpeningHours:
    return organization_pb2.OpeningHours(
        opens_minute=hours.opens_minute,
        closes_minute=hours.closes_minute,
        closed_weekdays=[
            to_proto_enum(organization_pb2.Weekday, day) for day in sorted(hours.closed_weekdays)
        ],
        open_on_holidays=hours.open_on_holidays,
        yearly_closures=[
            organization_pb2.YearlyClosure(first=_year_day(closure.first), last=_year_day(closure.last))
            for closure in hours.yearly_closures
        ],
    )


def _hours_from_proto(message: organization_pb2.OpeningHours, prefix: str) -> OpeningHours:
    return OpeningHours(
        opens_minute=message.opens_minute,
        closes_minute=message.closes_minute,
        closed_weekdays=frozenset(
            Weekday(token_of(organization_pb2.Weekday, day, path(prefix, "closed_weekdays")))
            for day in message.closed_weekdays
        ),
        open_on_holidays=message.open_on_holidays,
        yearly_closures=tuple(
            YearlyClosure((each.first.month, each.first.day), (each.last.month, each.last.day))
            for each in message.yearly_closures
        ),
    )


def _year_day(day: tuple[int, int]) -> organization_pb2.YearDay:
    month, number = day
    return organization_pb2.YearDay(month=month, day=number)

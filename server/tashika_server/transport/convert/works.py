"""Works contracts."""

from tashika.v1 import works_pb2 as pb
from tashika_server.domain.model import Works, WorksTerms
from tashika_server.transport.convert.values import date_to_proto, etag_of, optional_date


def works_to_proto(works: Works) -> pb.Works:
    """Give a works contract's message."""
    return pb.Works(
        works_id=works.works_id,
        organization_id=works.organization_id,
        terms=works_terms_to_proto(works.terms),
        etag=etag_of(works.revision),
    )


def works_terms_to_proto(terms: WorksTerms) -> pb.WorksTerms:
    """Give the message of a works contract's contents."""
    return pb.WorksTerms(
        number=terms.number,
        name=terms.name,
        place=terms.place,
        kind=terms.kind,
        orderer_id=terms.orderer_id,
        section=terms.section,
        price_yen=terms.price_yen,
        notice_date=date_to_proto(terms.notice_date),
        expected_contract_date=date_to_proto(terms.expected_contract_date),
        contract_date=date_to_proto(terms.contract_date),
        initial_contract_date=date_to_proto(terms.initial_contract_date),
        period_start=date_to_proto(terms.period_start),
        period_end=date_to_proto(terms.period_end),
        low_bid=terms.low_bid,
        multi_year=terms.multi_year,
    )


def works_terms_from_proto(message: pb.WorksTerms, prefix: str = "works") -> WorksTerms:
    """Read a works contract's contents; ``prefix`` is the path of the message in its request."""
    return WorksTerms(
        number=message.number,
        name=message.name,
        place=message.place,
        kind=message.kind,
        orderer_id=message.orderer_id,
        section=message.section,
        price_yen=message.price_yen if message.HasField("price_yen") else None,
        notice_date=optional_date(message, "notice_date", prefix),
        expected_contract_date=optional_date(message, "expected_contract_date", prefix),
        contract_date=optional_date(message, "contract_date", prefix),
        initial_contract_date=optional_date(message, "initial_contract_date", prefix),
        period_start=optional_date(message, "period_start", prefix),
        period_end=optional_date(message, "period_end", prefix),
        low_bid=message.low_bid,
        multi_year=message.multi_year,
    )

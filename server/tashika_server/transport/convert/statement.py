"""The signed statement, typed for showing. It was checked against its form before it was signed."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from google.type.date_pb2 import Date

from tashika.v1 import product_pb2
from tashika.v1 import statement_pb2 as pb
from tashika_server.transport.convert.enums import to_proto_enum

_Fields = Mapping[str, Any]


def statement_to_proto(envelope: bytes) -> pb.CertificateStatement:
    """Give the message of what stands in the signed bytes."""
    told: _Fields = json.loads(envelope)["statement"]
    period, depositary, previous = told["guarantee_period"], told.get("depositary"), told.get("previous")
    return pb.CertificateStatement(
        certificate_id=told["certificate_id"],
        contract_id=told["contract_id"],
        contract_number=told["contract_number"],
        version=told["version"],
        product=to_proto_enum(product_pb2.Product, told["product"]),
        guaranteed_amount_yen=told["guaranteed_amount_yen"],
        guarantee_period=pb.StatementPeriod(
            start_date=_day(period.get("from")),
            from_signing=period.get("from_signing", False),
            end_date=_day(period["to"]),
        ),
        # These have the same names in the statement and in the proto.
        obligee=pb.StatementObligee(**told["obligee"]),
        principal=_principal(told["principal"]),
        works=_works(told["works"]),
        depositary=None if depositary is None else pb.StatementDepositary(**depositary),
        guarantor=pb.StatementGuarantor(**told["guarantor"]),
        issue_date=_day(told["issue_date"]),
        terms_reference=told["terms_reference"],
        previous=None if previous is None else pb.StatementPrevious(**previous),
    )


def _principal(told: _Fields) -> pb.StatementPrincipal:
    venture = told.get("joint_venture")
    return pb.StatementPrincipal(
        company=told["company"],
        address=told["address"],
        representative=told["representative"],
        corporate_number=told.get("corporate_number"),
        joint_venture=None
        if venture is None
        else pb.StatementVenture(
            name=venture["name"],
            members=[pb.StatementVentureMember(**member) for member in venture["members"]],
        ),
    )


def _works(told: _Fields) -> pb.StatementWorks:
    return pb.StatementWorks(
        number=told.get("number"),
        name=told["name"],
        place=told["place"],
        kind=told["kind"],
        kind_name=told["kind_name"],
        contract_date=_day(told.get("contract_date")),
        period_start=_day(told["period"].get("from")),
        period_end=_day(told["period"]["to"]),
        price_yen=told["price_yen"],
        prepayment_yen=told.get("prepayment_yen"),
        fiscal_year=told.get("fiscal_year"),
        low_bid=told.get("low_bid", False),
    )


def _day(text: str | None) -> Date | None:
    if text is None:
        return None
    day = date.fromisoformat(text)
    return Date(year=day.year, month=day.month, day=day.day)

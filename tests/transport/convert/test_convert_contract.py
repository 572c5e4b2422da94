"""What a contract's message says that its record does not: the state of today, the balance, the differences."""

from dataclasses import replace
from datetime import date

import pytest

from tashika.v1 import certificate_pb2, contract_pb2
from tashika_server.application.verification import Evidence
from tashika_server.domain import model as m
from tashika_server.transport.convert.certificate import evidence_to_proto
from tashika_server.transport.convert.contract import (
    contract_summary_to_proto,
    contract_to_proto,
    fee_entry_kind_from_proto,
    remarks_from_proto,
)
from tashika_server.transport.convert.differences import differences_to_proto
from tests.transport.convert.samples import APPLICATION, CONTRACT, DAY, NOW, an_id

IN_FORCE = replace(CONTRACT, state=m.ContractState.IN_FORCE, pay_by=None)
LAST_DAY = date(2027, 3, 31)
DAY_AFTER = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("today", "state"),
    [(LAST_DAY, contract_pb2.CONTRACT_STATE_IN_FORCE), (DAY_AFTER, contract_pb2.CONTRACT_STATE_EXPIRED)],
)
def test_a_guarantee_is_shown_as_expired_from_the_day_after_its_last(
    today: date, state: contract_pb2.ContractState
) -> None:
    assert contract_to_proto(IN_FORCE, today=today).state == state
    assert contract_summary_to_proto(IN_FORCE, today=today).state == state


def test_the_balance_is_charges_minus_payments() -> None:
    paid = m.FeeEntry(an_id("fee"), m.FeeEntryKind.PAYMENT, 12_000, DAY, NOW, an_id("usr"))
    contract = replace(CONTRACT, ledger=(*CONTRACT.ledger, paid))
    assert contract_to_proto(contract, today=DAY).balance_yen == 345


def test_a_fresh_draft_has_neither_terms_nor_fee() -> None:
    draft = m.Contract(
        an_id("con"),
        an_id("org"),
        "",
        m.Application(),
        m.Registrant("u", "花子", "建設"),
        registered_time=NOW,
    )
    message = contract_to_proto(draft, today=DAY)
    unset = ("terms", "principal", "policy_version", "fee_yen", "pay_by", "paper_issue", "lead_time_seconds")
    assert [name for name in unset if message.HasField(name)] == []


def test_a_row_shows_the_terms_once_there_are_any() -> None:
    terms = replace(APPLICATION, amount_yen=1)
    assert contract_summary_to_proto(replace(CONTRACT, terms=terms), today=DAY).amount_yen == 1
    assert contract_summary_to_proto(replace(CONTRACT, terms=None), today=DAY).amount_yen == 22_000_000


def test_a_contract_without_terms_has_no_differences() -> None:
    assert differences_to_proto(APPLICATION, None) == []


def test_each_field_that_the_guarantor_changed_is_a_difference() -> None:
    terms = replace(
        APPLICATION,
        amount_yen=20_000_000,
        period_end=None,
        form=m.Form.PAPER,
        prepayment_planned=False,
        works=replace(APPLICATION.works, name="別の工事"),
        depositary=None,
    )
    found = {
        each.field: (each.application_value, each.terms_value)
        for each in differences_to_proto(APPLICATION, terms)
    }
    assert found == {
        "form": ("ELECTRONIC", "PAPER"),
        "works.name": ("市道01-23号線道路改良工事", "別の工事"),
        "amount_yen": ("22000000", "20000000"),
        "prepayment_planned": ("true", "false"),
        "period_end": ("2027-03-31", ""),
        "depositary.bank": ("みずべ銀行", ""),
        "depositary.branch": ("柏支店", ""),
        "depositary.account_kind": ("普通", ""),
        "depositary.account_number": ("1234567", ""),
        "depositary.holder": ("(株)髙﨑建設", ""),
    }


def test_a_member_that_joined_is_a_difference_at_its_place() -> None:
    assert APPLICATION.joint_venture is not None
    members = (*APPLICATION.joint_venture.members, m.VentureMember("(有)川上組"))
    terms = replace(APPLICATION, joint_venture=replace(APPLICATION.joint_venture, members=members))
    found = [(each.field, each.terms_value) for each in differences_to_proto(APPLICATION, terms)]
    assert ("joint_venture.members[1].company", "(有)川上組") in found


@pytest.mark.parametrize(
    ("contract", "today", "standing"),
    [
        (IN_FORCE, LAST_DAY, certificate_pb2.CERTIFICATE_STANDING_CURRENT),
        (IN_FORCE, DAY_AFTER, certificate_pb2.CERTIFICATE_STANDING_ENDED),
        (replace(IN_FORCE, version=2), LAST_DAY, certificate_pb2.CERTIFICATE_STANDING_SUPERSEDED),
        (replace(IN_FORCE, version=2), DAY_AFTER, certificate_pb2.CERTIFICATE_STANDING_SUPERSEDED),
    ],
    ids=["current", "ended", "superseded", "superseded-and-ended"],
)
def test_the_standing_of_a_version_goes_by_the_latest_one_and_the_day(
    contract: m.Contract, today: date, standing: certificate_pb2.CertificateStanding
) -> None:
    certificate = m.Certificate(
        *("c", "c", "n", 1, "o", "g", "d", m.Product.PREPAYMENT, NOW, DAY), b"", b"", (), "", 0, b"", b"", b""
    )
    assert (
        evidence_to_proto(Evidence(certificate, contract, b"{}"), today=today, now=NOW).standing == standing
    )


def test_remarks_and_fee_kinds_are_read() -> None:
    remarks = remarks_from_proto([contract_pb2.Remark(field="application.form", text="紙")])
    assert remarks == (m.Remark("application.form", "紙"),)
    assert fee_entry_kind_from_proto(contract_pb2.FEE_ENTRY_KIND_REFUND) is m.FeeEntryKind.REFUND

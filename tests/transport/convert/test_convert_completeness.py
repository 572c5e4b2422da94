"""Every field of a message that goes out is filled: a field that was forgotten here would stay empty."""

import json
from datetime import timedelta

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tashika_server.application.contracts import ContractView
from tashika_server.application.notices import Preferences
from tashika_server.application.opening import Opened
from tashika_server.application.ports import OpeningRow
from tashika_server.application.signed_in import SignedIn
from tashika_server.application.verification import Evidence
from tashika_server.domain import model as m
from tashika_server.domain.key_mail import KeyMailDraft
from tashika_server.domain.lead_time import STEPS, Leg, Spread
from tashika_server.domain.notices import Notice, NoticeEvent, NoticeKind, NoticePreferences
from tashika_server.domain.opening_hours import OpeningHours
from tashika_server.domain.policy import (
    Before,
    BodyItem,
    Channel,
    HandInRule,
    Orderer,
    Policy,
    PolicyVersion,
)
from tashika_server.transport.convert.certificate import (
    certificate_to_proto,
    evidence_to_proto,
    opened_to_proto,
)
from tashika_server.transport.convert.contract import contract_summary_to_proto, contract_view_to_proto
from tashika_server.transport.convert.directory import orderer_to_proto, session_to_proto
from tashika_server.transport.convert.hand_in import (
    confirmation_from_proto,
    mail_to_proto,
    openings_to_proto,
)
from tashika_server.transport.convert.notices import (
    notice_to_proto,
    preferences_to_proto,
)
from tashika_server.transport.convert.reports import portfolio_to_proto
from tashika_server.transport.convert.works import works_to_proto
from tests.transport.convert.samples import APPLICATION, CONTRACT, DAY, NOW, STATEMENT, WORKS, an_id

ENVELOPE = json.dumps({"format": "tashika-certificate/1", "statement": STATEMENT}).encode()

CERTIFICATE = m.Certificate(
    certificate_id=an_id("crt"),
    contract_id=an_id("con"),
    contract_number="01260000000017",
    version=1,
    organization_id=an_id("org"),
    guarantor_id=an_id("org"),
    orderer_id="kashiwa",
    product=m.Product.PREPAYMENT,
    issued_time=NOW,
    issue_date=DAY,
    envelope=ENVELOPE,
    statement_signature=b"signature",
    chain=("-----BEGIN CERTIFICATE-----",),
    pdf_sha256="cd" * 32,
    pdf_size_bytes=80_000,
    record=b"the-record",
    salt=b"the-salt",
    leaf=b"the-leaf",
    leaf_index=5,
    demo=True,
)

MAIL = KeyMailDraft(
    from_name="(株)髙﨑建設（電子保証登録簿）",
    from_address="noreply@register.example.jp",
    reply_to="hanako@example.jp",
    section="契約課",
    to="douro@city.example.jp",
    policy_to="keiyaku@city.example.jp",
    subject="認証キー",
    before_key="認証キー：",
    after_key="\n以上",
    generation=2,
)

ORGANIZATION = m.Organization(
    organization_id=an_id("org"),
    kind=m.OrganizationKind.GUARANTOR,
    name="あさひ保証(株)",
    kana="アサヒホショウ",
    address="東京都",
    representative="代表取締役　葛󠄁城 一",
    corporate_number="1234567890123",
    telephone="03-0000-0000",
    orderer_id="kashiwa",
    guarantor_kind=m.GuarantorKind.GUARANTEE_COMPANY,
    guarantor_code=1,
    branches=(m.Branch("東京支店", "03-0000-0001", "東京都", OpeningHours(open_on_holidays=True)),),
    approval_from_yen=1,
    terms_reference_performance="契約保証約款",
    terms_reference_prepayment="前払金保証約款",
    monthly_payer=True,
    disabled=True,
    revision=1,
)

USER = m.User(
    user_id=an_id("usr"),
    organization_id=an_id("org"),
    login_name="hanako",
    name="葛󠄁城 花子",
    title="課長",
    mail="hanako@example.jp",
    roles=frozenset({m.Role.APPROVER}),
    password_hash="hash",
    must_change_password=True,
    disabled=True,
    revision=1,
)

SESSION = m.Session(an_id("ses"), an_id("usr"), b"hash", NOW, NOW, NOW + timedelta(hours=12))
RULE = HandInRule(
    section="道路整備課",
    channel=Channel.MAIL,
    to="dobo@example.jp",
    subject="認証キー",
    body_items=(BodyItem.CONTACT,),
    before=Before.CONTRACT_SIGNING,
    phone_confirmation=True,
    other_documents=("申込書",),
)
NOTICE = Notice(
    an_id("ntc"),
    NoticeEvent(an_id("nev"), NoticeKind.ISSUED, an_id("con"), CONTRACT.number, "道路改良工事", NOW),
    NOW,
)
PREFERENCES = Preferences(
    NoticePreferences(an_id("usr"), "en", revision=1), (NoticeKind.ISSUED,), USER.mail, sends_mail=False
)
VIEW = ContractView(
    CONTRACT,
    NOW,
    Orderer("kashiwa", "柏市", policies=(PolicyVersion(3, Policy(hand_in=(RULE,))),)),
    ORGANIZATION,
    {1: NOW, 2: NOW},
)


# One time in every bar of the histogram; the last bar has no end.
SPREAD = Spread((*((end - 60, 1) for end in STEPS), (STEPS[-1], 1)), STEPS[-1] + 59, 1)


def empty_fields(message: Message, prefix: str = "") -> list[str]:
    """Name every field of the message, and of those inside it, that is not filled."""
    filled = {field.name: value for field, value in message.ListFields()}
    missing = []
    for field in message.DESCRIPTOR.fields:
        name = prefix + field.name
        if field.name not in filled:
            missing.append(name)
        elif field.type == FieldDescriptor.TYPE_MESSAGE and not field.full_name.startswith("google."):
            value = filled[field.name]
            for part in [value] if isinstance(value, Message) else value:
                if not part.DESCRIPTOR.full_name.startswith("google."):
                    missing += empty_fields(part, f"{name}.")
    return missing


@pytest.mark.parametrize(
    ("message", "rightly_empty"),
    [
        # There are no differences where the terms are as applied for. The subject line is the orderer's; the first key
        # took no other one's place, and the last one is valid. The request for the advance stands.
        (
            contract_view_to_proto(VIEW, today=DAY),
            [
                *(f"contract.advance_requests.{name}" for name in ("withdraw_time", "withdraw_user_id")),
                "contract.advance_requests.withdrawal",
                "differences",
                "hand_in_message.own_subject",
                "keys.reason",
                "keys.by_guarantor",
                "keys.revoke_time",
            ],
        ),
        (contract_summary_to_proto(CONTRACT, today=DAY), []),
        (works_to_proto(m.Works(an_id("wrk"), an_id("org"), WORKS, 1)), []),
        # Exactly one of the first day and "from signing" is in a statement.
        (certificate_to_proto(CERTIFICATE), ["statement.guarantee_period.from_signing"]),
        (
            opened_to_proto(
                Opened(CONTRACT, (CERTIFICATE,), 1), today=DAY, viewing_token="token", expires=NOW
            ),
            ["certificate.statement.guarantee_period.from_signing"],
        ),
        (evidence_to_proto(Evidence(CERTIFICATE, CONTRACT, b"{}"), today=DAY, now=NOW), []),
        (session_to_proto(SignedIn(SESSION, USER, ORGANIZATION)), []),
        (portfolio_to_proto(dict.fromkeys(Leg, SPREAD)), ["lead_times.bars.below_seconds"] * len(Leg)),
        (openings_to_proto([OpeningRow(NOW, True, "192.0.2.1", 1)]), []),
        (notice_to_proto(NOTICE), []),
        (preferences_to_proto(PREFERENCES), []),
        (mail_to_proto(MAIL, b"digest"), []),
    ],
    ids=[
        "contract",
        "summary",
        "works",
        "certificate",
        "opened",
        "evidence",
        "session",
        "portfolio",
        "openings",
        "notice",
        "preferences",
        "mail",
    ],
)
def test_every_field_is_filled(message: Message, rightly_empty: list[str]) -> None:
    assert empty_fields(message) == rightly_empty


def test_what_confirms_a_mail_goes_there_and_back_and_nothing_else_confirms() -> None:
    assert confirmation_from_proto(mail_to_proto(MAIL, bytes(range(32))).confirmation) == bytes(range(32))
    assert confirmation_from_proto("abc") == confirmation_from_proto("") == b""


def test_salt_record_and_leaf_are_not_in_a_certificates_message() -> None:
    sent = certificate_to_proto(CERTIFICATE).SerializeToString()
    assert [secret for secret in (b"the-salt", b"the-record", b"the-leaf") if secret in sent] == []


def test_a_list_of_orderers_has_the_latest_policy_only() -> None:
    orderer = Orderer(
        "kashiwa", "柏市", policies=(PolicyVersion(1, Policy()), PolicyVersion(2, Policy(note="新")))
    )
    assert [each.version for each in orderer_to_proto(orderer, latest_only=True).policies] == [2]
    assert [each.version for each in orderer_to_proto(orderer).policies] == [1, 2]


def test_a_guarantee_that_starts_on_signing_has_no_first_day() -> None:
    told = {**STATEMENT, "guarantee_period": {"from_signing": True, "to": "2027-03-31"}}
    certificate = m.Certificate(
        **{
            **{name: getattr(CERTIFICATE, name) for name in CERTIFICATE.__dataclass_fields__},
            "envelope": json.dumps({"format": "tashika-certificate/1", "statement": told}).encode(),
        }
    )
    period = certificate_to_proto(certificate).statement.guarantee_period
    assert (period.from_signing, period.HasField("start_date")) == (True, False)


def test_the_sample_application_has_no_empty_field_to_hide_one() -> None:
    assert [name for name in APPLICATION.__dataclass_fields__ if not getattr(APPLICATION, name)] == []

"""Reading the parts of one policy; its writing back stands in ``policy_json``."""

import re

from tashika_server.domain.limits import MAX_YEN
from tashika_server.domain.model import GuarantorKind, Product
from tashika_server.domain.policy import (
    AmendmentPolicy,
    Before,
    BodyItem,
    Channel,
    ElectronicPolicy,
    HandInRule,
    PerformancePolicy,
    Policy,
    PrepaymentPolicy,
    PrepaymentRule,
    Section,
    SinceBasis,
    ThresholdBasis,
    VersionScope,
)
from tashika_server.domain.policy_reader import Json, Reader

NAME = 200
NOTE = 2000
SOURCE = 500

MAX_DAYS = 36_500
"""A century: longer than any works."""

MAX_ROUNDING_YEN = 100_000_000
"""Advances are rounded to 10,000 or 100,000 yen; a larger step than this would round them away."""

MAX_RATIO_PERCENT = 1_000
"""Above ten times the price it is another contract."""

MAX_KINDS = 50
MAX_RULES = 100
MAX_SECTIONS = 500
"""A ministry's bureau has some hundred sections and field offices."""
MAX_DOCUMENTS = 50
MAX_SOURCES = 50

_KIND = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_SUBJECT = re.compile(r"(?:[^{}]|\{(?:works_number|works_name|product_name|contractor_name)\})*")
_EXCLUSIVE = "exclusive_with_part_payment"


def read_policy(reader: Reader) -> Policy:
    """Read the keys of a policy out of an object, which may have others."""
    return Policy(
        valid_from=reader.day("valid_from"),
        electronic=_electronic(reader.object("electronic")),
        prepayment=_prepayment(reader.object("prepayment"), midterm=False),
        midterm=_prepayment(reader.object("midterm"), midterm=True),
        performance=_performance(reader.object("performance")),
        amendment=_amendment(reader.object("amendment")),
        payment_within_days=reader.integer("payment_within_days", 1, MAX_DAYS),
        hand_in=reader.items(
            "hand_in", lambda value, path: _hand_in(value, path, reader), most=MAX_RULES, unique=False
        ),
        addressee=reader.text("addressee", NAME),
        sections=_sections(reader),
        note=reader.text("note", NOTE, multiline=True),
        sources=reader.texts("sources", SOURCE, MAX_SOURCES),
    )


def _electronic(reader: Reader | None) -> ElectronicPolicy | None:
    if reader is None:
        return None
    kinds = reader.items("works_kinds", lambda value, path: _kind(value, path, reader), most=MAX_KINDS)
    policy = ElectronicPolicy(
        products=frozenset(reader.choices("products", Product)),
        works_kinds=frozenset(kind for kind in kinds if kind),
        guarantor_kinds=frozenset(reader.choices("guarantor_kinds", GuarantorKind)),
        since=reader.day("since"),
        since_basis=reader.choice("since_basis", SinceBasis),
        amendments_of_earlier_contracts=reader.flag("amendments_of_earlier_contracts"),
    )
    if reader.is_object and not reader.present():
        # It could be meant as "nothing" or as "everything"; whoever accepts nothing leaves the whole part
        # out.
        reader.faults.add(reader.path, "EMPTY")
    reader.close()
    return policy


def _kind(value: Json, path: str, reader: Reader) -> str:
    """Read a works kind's code; more kinds than those with a name here may come."""
    if isinstance(value, str) and _KIND.fullmatch(value):
        return value
    reader.faults.add(path, "WRONG_FORM", expected="WORKS_KIND")
    return ""


def _prepayment(reader: Reader | None, *, midterm: bool) -> PrepaymentPolicy | None:
    if reader is None:
        return None
    exclusive = reader.flag(_EXCLUSIVE) if midterm else None
    kinds = [key for key in reader.present() if _KIND.fullmatch(key)]
    if len(kinds) > MAX_KINDS:
        reader.faults.add(reader.path, "WRONG_LENGTH", minimum=0, maximum=MAX_KINDS)
    by_kind = [(kind, _prepayment_rule(reader, kind)) for kind in kinds[:MAX_KINDS]]
    reader.close()
    return PrepaymentPolicy(tuple(by_kind), exclusive)


def _prepayment_rule(parent: Reader, kind: str) -> PrepaymentRule | None:
    value = parent.take(kind)
    if value is None:
        return None
    reader = Reader(value, parent.place(kind), parent.faults)
    rule = PrepaymentRule(
        rate_percent=reader.integer("rate_percent", 1, 100),
        low_bid_rate_percent=reader.integer("low_bid_rate_percent", 1, 100),
        min_price_yen=reader.integer("min_price_yen", 0, MAX_YEN),
        min_period_days=reader.integer("min_period_days", 0, MAX_DAYS),
        threshold_basis=reader.choice("threshold_basis", ThresholdBasis) or ThresholdBasis.CONTRACT_PRICE,
        round_down_to_yen=reader.integer("round_down_to_yen", 1, MAX_ROUNDING_YEN),
        cap_yen=reader.integer("cap_yen", 1, MAX_YEN),
    )
    reader.close()
    return rule


def _performance(reader: Reader | None) -> PerformancePolicy | None:
    if reader is None:
        return None
    policy = PerformancePolicy(
        min_price_yen=reader.integer("min_price_yen", 0, MAX_YEN),
        threshold_basis=reader.choice("threshold_basis", ThresholdBasis) or ThresholdBasis.CONTRACT_PRICE,
        min_rate_percent=reader.integer("min_rate_percent", 1, 100),
        low_bid_min_rate_percent=reader.integer("low_bid_min_rate_percent", 1, 100),
    )
    reader.close()
    return policy


def _amendment(reader: Reader | None) -> AmendmentPolicy | None:
    if reader is None:
        return None
    policy = AmendmentPolicy(
        price_ratio_percent=reader.integer("price_ratio_percent", 1, MAX_RATIO_PERCENT),
        term_change_needs_certificate=reader.flag("term_change_needs_certificate"),
    )
    reader.close()
    return policy


def _hand_in(value: Json, path: str, parent: Reader) -> HandInRule:
    reader = Reader(value, path, parent.faults)
    rule = HandInRule(
        products=reader.choices("products", Product),
        version=reader.choice("version", VersionScope) or VersionScope.ANY,
        section=reader.text("section", NAME),
        channel=reader.choice("channel", Channel) or Channel.UNSPECIFIED,
        to=reader.text("to", SOURCE),
        subject=reader.pattern("subject", _SUBJECT, NAME),
        body_items=reader.choices("body_items", BodyItem),
        before=reader.choice("before", Before),
        phone_confirmation=reader.flag("phone_confirmation") or False,
        other_documents=reader.texts("other_documents", NAME, MAX_DOCUMENTS),
    )
    reader.close()
    return rule


def _sections(reader: Reader) -> tuple[Section, ...]:
    sections = reader.items(
        "sections", lambda value, path: _section(value, path, reader), most=MAX_SECTIONS, unique=False
    )
    names: set[str] = set()
    for index, section in enumerate(sections):
        if section.name and section.name in names:
            reader.faults.add(
                f"{reader.place('sections')}[{index}].name", "DUPLICATE", value=section.name[:40]
            )
        names.add(section.name)
    return sections


def _section(value: Json, path: str, parent: Reader) -> Section:
    reader = Reader(value, path, parent.faults)
    section = Section(
        name=reader.text("name", NAME, required=True),
        to=reader.text("to", SOURCE),
        addressee=reader.text("addressee", NAME),
    )
    reader.close()
    return section

"""Strategies for policies, and for files that are nearly policies."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import strategies as st

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

TEXTS = st.text("柏市髙﨑𠮷①aZ09-（）", min_size=1, max_size=8)
MAYBE_TEXT = st.just("") | TEXTS
DAYS = st.dates(date(1989, 1, 1), date(2200, 12, 31))
KINDS = st.sampled_from(["CONSTRUCTION", "CONSULTING", "SERVICES", "MAINTENANCE_2"])
RATES = st.none() | st.integers(1, 100)
YEN = st.none() | st.integers(1, 10**13)
FLAGS = st.none() | st.booleans()


def tuples(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, unique=True, max_size=most).map(tuple)


RULES = st.builds(
    PrepaymentRule,
    RATES,
    RATES,
    YEN,
    st.none() | st.integers(0, 36_500),
    st.sampled_from(ThresholdBasis),
    st.none() | st.integers(1, 10**8),
    YEN,
)
BY_KIND = st.dictionaries(KINDS, st.none() | RULES, max_size=3).map(lambda kinds: tuple(kinds.items()))
ELECTRONIC = st.builds(
    ElectronicPolicy,
    st.frozensets(st.sampled_from(Product)),
    st.frozensets(KINDS),
    st.frozensets(st.sampled_from(GuarantorKind)),
    st.none() | DAYS,
    st.none() | st.sampled_from(SinceBasis),
    FLAGS,
).filter(lambda electronic: electronic != ElectronicPolicy())
HAND_IN = st.builds(
    HandInRule,
    tuples(st.sampled_from(Product)),
    st.sampled_from(VersionScope),
    MAYBE_TEXT,
    st.sampled_from(Channel),
    MAYBE_TEXT,
    MAYBE_TEXT | st.just("{works_number}（{contractor_name}）"),
    tuples(st.sampled_from(BodyItem)),
    st.none() | st.sampled_from(Before),
    st.booleans(),
    tuples(TEXTS),
)
SECTIONS = st.lists(
    st.builds(Section, TEXTS, MAYBE_TEXT, MAYBE_TEXT), max_size=3, unique_by=lambda section: section.name
).map(tuple)
POLICIES = st.builds(
    Policy,
    valid_from=st.none() | DAYS,
    electronic=st.none() | ELECTRONIC,
    prepayment=st.none() | st.builds(PrepaymentPolicy, BY_KIND),
    midterm=st.none() | st.builds(PrepaymentPolicy, BY_KIND, FLAGS),
    performance=st.none() | st.builds(PerformancePolicy, YEN, st.sampled_from(ThresholdBasis), RATES, RATES),
    amendment=st.none() | st.builds(AmendmentPolicy, st.none() | st.integers(1, 1_000), FLAGS),
    payment_within_days=st.none() | st.integers(1, 36_500),
    hand_in=st.lists(HAND_IN, max_size=3).map(tuple),
    addressee=MAYBE_TEXT,
    sections=SECTIONS,
    note=MAYBE_TEXT,
    sources=tuples(TEXTS),
)

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    100,
    101,
    125,
    10**8 + 1,
    10**13,
    10**13 + 1,
    "",
    "x",
    "CONSTRUCTION",
    "PERFORMANCE",
    "ANY",
    "2026-02-30",
    "2026-04-01",
    "1988-12-31",
    "2201-01-01",
    "{key}",
    "{works_name}",
    "甲" * 201,
    "甲" * 2_001,
    "一\n二",
    [],
    {},
    ["x"],
    ["x", "x"],
    [None],
    {"x": 1},
    {"SERVICES": {}},
    [{"name": "課"}],
)


def places(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of every value within a document."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, part in entries:
        yield (*before, key)
        yield from places(part, (*before, key))


def put(document: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """Copy a document with another value at a place."""
    copy = deepcopy(document)
    holder = copy
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return copy


@st.composite
def damaged(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """Put an odd value, an odd key or a gap somewhere into a document."""
    *way, key = draw(st.sampled_from(list(places(document))))
    copy = deepcopy(document)
    holder = copy
    for part in way:
        holder = holder[part]  # type: ignore[index]
    change = draw(st.sampled_from(["value", "key", "gap"]))
    if change == "key" and isinstance(holder, dict):
        key = draw(st.sampled_from(["x", "SERVICES", "since", "note", "to", "exclusive_with_part_payment"]))
    if change == "gap":
        del holder[key]  # type: ignore[arg-type]
    else:
        holder[key] = draw(st.sampled_from(ODD_VALUES))  # type: ignore[index]
    return copy

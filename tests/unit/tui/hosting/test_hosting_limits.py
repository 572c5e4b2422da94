"""Limits by source, by person and in all; what is taken is given back."""

import pytest

from tashika_tui.hosting import limits
from tashika_tui.hosting.limits import Bounds, Limits, Pace, plain_address, source_of


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def made(clock: Clock | None = None, **bounds: int) -> Limits:
    return Limits(Bounds(**bounds), clock or Clock())


@pytest.mark.parametrize(
    ("address", "source", "plain"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6"),
        ("fe80::1%eth0", "fe80::/64", "fe80::1"),
        ("nowhere", "unknown", ""),
        ("", "unknown", ""),
    ],
)
def test_a_place_is_an_address_or_a_households_network(address: str, source: str, plain: str) -> None:
    assert (source_of(address), plain_address(address)) == (source, plain)


def test_who_waits_is_bounded_per_place_and_in_all() -> None:
    held = made(unauthenticated=3, unauthenticated_per_source=2)
    assert [held.connect(source) for source in ("a", "a", "a", "b", "c")] == [
        *("", "", "unauthenticated_per_source", "", "unauthenticated")
    ]
    held.authenticated("a")
    assert held.unauthenticated == 2
    assert held.connect("c") == ""


def test_connections_are_bounded_whoever_has_signed_in() -> None:
    held = made(connections=2)
    for source in ("a", "b"):
        assert held.connect(source) == ""
        held.authenticated(source)
    assert held.connect("c") == "connections"
    held.disconnect()
    assert held.connect("c") == ""


def test_sessions_are_bounded_per_person_and_in_all() -> None:
    held = made(sessions=3, sessions_per_user=2)
    assert [held.open_session(person) for person in ("a", "a", "a", "b", "c")] == [
        *("", "", "hosting.too_many_of_yours", "", "hosting.too_many")
    ]
    held.close_session("a")
    assert held.sessions == 2 and held.open_session("c") == ""


def test_a_place_comes_again_after_a_while() -> None:
    clock = Clock()
    held = made(clock, connections_per_minute=2)
    assert [held.connect("a") for _ in range(3)] == ["", "", "pace"]
    assert held.connect("b") == ""
    clock.at += 30
    assert [held.connect("a") for _ in range(2)] == ["", "pace"]
    clock.at += 3600
    assert [held.connect("a") for _ in range(3)] == ["", "", "pace"]


def test_who_is_turned_away_for_another_reason_uses_up_nothing() -> None:
    held = made(connections=1, connections_per_minute=2)
    assert held.connect("a") == ""
    for _ in range(10):
        assert held.connect("a") == "connections"
    held.authenticated("a")
    held.disconnect()
    assert held.connect("a") == ""


def test_what_is_remembered_of_places_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCES", 100)
    clock = Clock()
    pace = Pace(1, clock)
    for number in range(1_000):
        assert pace.take(f"{number}")
        assert len(pace._buckets) <= 100
    # Those with a full bucket are forgotten first.
    clock.at += 60
    assert pace.take("again")
    assert len(pace._buckets) == 1


def test_a_flood_of_places_gives_nobody_more_than_their_pace_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCES", 10)
    pace = Pace(1, Clock())
    assert pace.take("a") and not pace.take("a")
    for number in range(5):
        pace.take(f"{number}")
    assert not pace.take("a")

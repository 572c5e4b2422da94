"""The observable state of a connection."""

from tashika_tui.client.connection import Connection, Link, LinkState


def test_it_is_offline_after_three_attempts_in_vain() -> None:
    connection = Connection()
    seen: list[LinkState] = []
    connection.subscribe(seen.append)
    for pause in (0.5, 1.0, 2.0):
        connection.lost(pause)
    connection.reached()
    connection.reached()
    assert seen == [
        LinkState(Link.RECONNECTING, 1, 0.5),
        LinkState(Link.RECONNECTING, 2, 1.0),
        LinkState(Link.OFFLINE, 3, 2.0),
        LinkState(Link.CONNECTED),
    ]


def test_who_unsubscribed_is_told_nothing_more() -> None:
    connection = Connection()
    seen: list[LinkState] = []
    end = connection.subscribe(seen.append)
    assert connection.observed
    end()
    end()
    connection.lost()
    assert seen == []
    assert not connection.observed

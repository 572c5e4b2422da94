"""A message that was built is given again for the very objects that it shows, and for no others."""

from google.protobuf.timestamp_pb2 import Timestamp

from tashika_server.transport.convert.memo import Memo


def _built(seconds: int, made: list[int]) -> Timestamp:
    made.append(seconds)
    return Timestamp(seconds=seconds)


def test_the_same_objects_are_built_once() -> None:
    made: list[int] = []
    memo: Memo[Timestamp] = Memo()
    shown = (object(), object())
    for _ in range(2):
        assert memo.get("a", shown, lambda: _built(1, made)).seconds == 1
    assert made == [1]


def test_another_object_under_the_same_key_is_built_anew_and_takes_the_place() -> None:
    memo: Memo[Timestamp] = Memo()
    old, new = (object(),), (object(),)
    memo.get("a", old, lambda: Timestamp(seconds=1))
    assert memo.get("a", new, lambda: Timestamp(seconds=2)).seconds == 2
    assert memo.get("a", new, lambda: Timestamp(seconds=3)).seconds == 2
    assert memo.get("a", old, lambda: Timestamp(seconds=4)).seconds == 4


def test_equal_objects_are_not_the_same_object() -> None:
    memo: Memo[Timestamp] = Memo()
    memo.get("a", ("".join(["x", "y"]),), lambda: Timestamp(seconds=1))
    assert memo.get("a", ("".join(["x", "y"]),), lambda: Timestamp(seconds=2)).seconds == 2


def test_a_further_version_is_built_anew() -> None:
    memo: Memo[Timestamp] = Memo()
    first, second = object(), object()
    memo.get("a", (first,), lambda: Timestamp(seconds=1))
    assert memo.get("a", (first, second), lambda: Timestamp(seconds=2)).seconds == 2


def test_no_more_is_kept_than_the_capacity() -> None:
    made: list[int] = []
    memo: Memo[Timestamp] = Memo(capacity=2)
    shown = (object(),)
    for key in ("a", "b", "c", "a"):
        memo.get(key, shown, lambda: _built(1, made))
    assert len(made) == 4
    memo.get("a", shown, lambda: _built(1, made))
    assert len(made) == 4

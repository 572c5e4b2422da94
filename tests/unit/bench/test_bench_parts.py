"""The bench's own arithmetic and checks: a measurement that can't notice a wrong answer measures nothing."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.bench import bulk, load, report
from tests.bench.load import Call, LoadError
from tests.bench.processes import ServerDiedError, cpu_seconds, running
from tests.bench.report import Row
from tests.bench.rounds import interleave, ratio, spread
from tests.bench.rpc import WrongAnswerError, _expect

OUTPUT = """
finished in 61.86ms, 323.30 req/s, 1.18MB/s
requests: 20 total, 20 started, 20 done, 20 succeeded, 0 failed, 0 errored, 0 timeout
traffic: 74.80KB (76597) total, 2.14KB (2196) headers (space savings 27.05%), 72.27KB ({bytes}) data
"""


def test_the_order_of_a_round_is_reversed_in_the_next_and_the_first_does_not_count() -> None:
    order: list[str] = []
    work = {name: lambda name=name: order.append(name) for name in "ab"}
    samples = interleave(work, 2)
    assert "".join(order) == "baabba"
    assert {name: len(taken) for name, taken in samples.items()} == {"a": 2, "b": 2}


def test_a_ratio_is_the_median_of_the_rounds_and_not_the_quotient_of_medians() -> None:
    ours, theirs = [1.0, 10.0, 50.0], [2.0, 40.0, 100.0]
    assert ratio(ours, theirs, lambda value: value) == 0.5
    assert spread(ours, theirs, lambda value: value) == (0.25, 0.5)


def test_a_ratio_to_nothing_is_none_at_all() -> None:
    assert ratio([1.0], [0.0], lambda value: value) == 0.0


def test_percentiles_are_values_that_occurred() -> None:
    values = list(range(1, 101))
    assert load.percentile(values, 0.99) == 100
    assert load.percentile(values, 0.5) == 50.5


def test_a_message_is_framed_with_its_length() -> None:
    assert load.framed(b"abc") == b"\0\0\0\0\3abc"


def test_answers_of_the_right_length_pass() -> None:
    load.check_answers([OUTPUT.format(bytes=20 * 105)], 20, Call("/a/B", [b""], reply_bytes=100))


def test_answers_without_content_are_no_answers_although_http_says_200() -> None:
    with pytest.raises(LoadError, match="bytes an answer"):
        load.check_answers([OUTPUT.format(bytes=0)], 20, Call("/a/B", [b""], reply_bytes=100))


def test_a_call_that_failed_is_noticed() -> None:
    output = OUTPUT.format(bytes=20 * 105).replace("20 succeeded", "19 succeeded")
    with pytest.raises(LoadError, match="19 of 20"):
        load.check_answers([output], 20, Call("/a/B", [b""], reply_bytes=100))


def test_another_certificate_than_the_one_asked_for_stops_the_bench() -> None:
    with pytest.raises(WrongAnswerError):
        _expect("99250000000010", "99250000000028")


def test_a_server_that_never_gets_ready_is_said_with_its_words() -> None:
    with pytest.raises(ServerDiedError, match="Zen of Python"), running("nobody", "this"):
        pass


def test_processor_time_of_this_process_grows_and_of_a_gone_one_is_none() -> None:
    assert cpu_seconds(os.getpid()) > 0
    assert cpu_seconds(2**22 + 1) == 0


def test_many_contracts_keep_the_model_s_parties_and_the_counters_agree(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    row = {"number": "n", "state": "IN_FORCE", "works_name": "w", "registered_time": 10**15}
    made = list(bulk.own_rows("n-1", "con_x", "w", row, 7, '{"a":"n-1","b":"con_x","c":"w"}', 3))
    connection.close()
    assert len({each[0] for each in made}) == 3
    assert all(json.loads(each[2])["b"] == each[0] for each in made)
    assert {each[1] for each in made} == {7}


def test_the_table_says_what_is_not_held_and_what_nothing_is_claimed_of(tmp_path: Path) -> None:
    rows = [
        Row("first", "0.50 x echo", "0.40 x echo", False),
        report.skipped("second", "0.50 x echo"),
    ]
    table = report.table(rows)
    assert "| 0.40 x echo | NO |" in table
    assert "| SKIPPED: install nghttp2-client" in table
    report.write_json(tmp_path / "deep" / "bench.json", {"cores": 2}, rows)
    written = json.loads((tmp_path / "deep" / "bench.json").read_text(encoding="utf-8"))
    assert [each["held"] for each in written["rows"]] == [False, None]

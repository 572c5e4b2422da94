"""Every field that a person can fill has a name that people use."""

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor

from tashika_server.transport.redaction import is_secret
from tashika_server.transport.sentences.labels import has_label, label
from tests.transport.protos import request_types


def paths(message: Descriptor, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, bool]]:
    for field in message.fields:
        path = f"{prefix}{field.name}"
        yield path, is_secret(field)
        inner = field.message_type
        if inner is not None and inner.full_name.startswith("tashika.") and depth < 4:
            yield from paths(inner, f"{path}.", depth + 1)


@pytest.mark.parametrize("message", request_types(), ids=lambda m: m.name)
def test_every_field_of_every_request_has_a_label(message: Descriptor) -> None:
    assert [path for path, _ in paths(message) if not has_label(path)] == []


@pytest.mark.parametrize("message", request_types(), ids=lambda m: m.name)
def test_what_is_named_like_a_secret_is_left_out_of_digests(message: Descriptor) -> None:
    suspicious = ("password", "secret", "viewing_token")
    for path, secret in paths(message):
        name = path.rpartition(".")[2]
        if name != "must_change_password" and any(word in name for word in suspicious):
            assert secret, path


def test_the_longest_known_path_counts() -> None:
    assert label("application.works.period_end", "ja") == "工期の終わり"
    assert label("application.period_end", "ja") == "保証期間の終わり"
    assert label("terms.period_end", "ja") == "期間の終わり"


def test_a_place_in_a_list_counts_from_one() -> None:
    assert label("application.joint_venture.members[1].company", "ja") == "構成員の会社名（2件目）"
    assert label("application.joint_venture.members[1].company", "en") == "company of the member (item 2)"


def test_an_unknown_field_is_called_by_its_own_name() -> None:
    assert label("brand_new", "ja") == "brand_new"
    assert label("", "ja") == "入力内容"

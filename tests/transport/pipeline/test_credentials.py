"""Language and peer, as a call's metadata give them."""

import hashlib
from pathlib import Path

import pytest

from tashika_server.domain.reasons import Reason, refuse
from tashika_server.transport.credentials import peer_name, preferred_language
from tests.transport.echo import Echo, World, refused, refusing, serving


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja", "ja"),
        ("en-GB,en;q=0.9", "en"),
        ("JA-JP", "ja"),
        ("fr, en;q=0.5, ja;q=0.7", "ja"),
        ("fr", ""),
        ("", ""),
        ("en;q=0", ""),
        ("en;q=nan", ""),
        ("en;q=9, ja;q=0.1", "ja"),
        ("*", ""),
        (",".join(["fr"] * 16 + ["en"]), ""),
    ],
)
def test_the_language_that_is_liked_best_is_taken(header: str, language: str) -> None:
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("peer", "name"),
    [
        ("ipv4:192.0.2.7:51234", "192.0.2.7"),
        ("ipv6:[2001:db8:1:2:3:4:5:6]:51234", "2001:db8:1:2::/64"),
        ("ipv6:%5B2001:db8:1:2:aaaa::1%5D:40000", "2001:db8:1:2::/64"),
        ("ipv6:[::ffff:192.0.2.7]:1", "192.0.2.7"),
        ("ipv6:[fe80::1%25eth0]:1", "fe80::/64"),
        ("unix:", "unix"),
        ("unix:/run/tashika.sock", "unix"),
        ("ipv4:what", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_peer_is_its_address_without_port(peer: str, name: str) -> None:
    assert peer_name(peer, {}) == name


def test_a_client_certificate_names_its_holder_better_than_an_address() -> None:
    name = peer_name("ipv4:192.0.2.7:1", {"x509_pem_cert": [b"PEM"]})
    assert name == "certificate:" + hashlib.sha256(b"PEM").hexdigest()[:32]


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ((), "この操作を行う権限がありません。"),
        ((("accept-language", "en"),), "Your roles do not allow this."),
        ((("authorization", "Bearer good"),), "Your roles do not allow this."),
        ((("authorization", "Bearer good"), ("accept-language", "ja")), "この操作を行う権限がありません。"),
        ((("accept-language", ";;=q,,"),), "この操作を行う権限がありません。"),
    ],
)
async def test_the_call_speaks_its_own_language_then_the_persons_then_japanese(
    tmp_path: Path, metadata: tuple[tuple[str, str], ...], sentence: str
) -> None:
    async with serving(World(get=refusing(refuse(Reason.PERMISSION_DENIED))), tmp_path) as client:
        assert (await refused(client.get(Echo(name="n"), metadata))).sentence == sentence

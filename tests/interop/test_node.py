"""The client in Node plays the main job. Ruby and C++ take tools that not everybody has: `make interop` runs these."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from tests.interop.languages import LANGUAGES, NODE
from tests.interop.playing import Played, play
from tests.interop.register import LiveRegister, live_register
from tests.support.foreign import of_the_future, read_image
from tools.tree import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("interop")]

STEPS = 7


@pytest.fixture(scope="module")
def node() -> None:
    """Node with what the client needs; without Node the tests are skipped and say so."""
    if missing := LANGUAGES["node"].missing():
        pytest.skip(missing)
    LANGUAGES["node"].prepare()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def register(node: None) -> AsyncIterator[LiveRegister]:
    """A live register over TLS."""
    async with live_register() as serving:
        yield serving


async def test_node_plays_the_main_job_over_a_restart(register: LiveRegister) -> None:
    played = await play(LANGUAGES["node"], register, print)
    assert played.code == 0, played.said
    assert len(played.steps) == STEPS, played.said


async def test_node_with_the_contract_of_the_first_release_is_served(register: LiveRegister) -> None:
    played = await of_another_age(ROOT / "proto" / "baseline.binpb", register)
    assert played.steps == ["works are entered and read again"], played.said


async def test_node_with_a_later_contract_is_served_and_told_what_is_unknown(
    register: LiveRegister, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.binpb"
    newer.write_bytes(of_the_future(read_image(ROOT / "build" / "tashika.binpb")).SerializeToString())
    played = await of_another_age(newer, register)
    assert played.steps == [
        "works are entered and read again",
        "CHOICE_UNKNOWN filter.state 選択肢から選び直してください。（対応できる方：操作しているご本人）",
    ], played.said


async def of_another_age(image: Path, register: LiveRegister) -> Played:
    """The client that knows the contract from a descriptor set, once it has ended well."""
    command = ("node", "tests/interop/node/other_ages.js", str(image))
    played = await play(replace(LANGUAGES["node"], command=command), register, print)
    assert played.code == 0, played.said
    return played


async def test_node_verifies_the_vectors(node: None) -> None:
    process = await asyncio.create_subprocess_exec(
        "node", "--test", "--test-reporter=tap", "vectors.test.js", cwd=NODE, stdout=asyncio.subprocess.PIPE
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said[-5000:]
    assert "# fail 0" in said
    assert "# tests 0" not in said

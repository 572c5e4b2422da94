"""The client in Node plays the main job. Ruby and C++ take tools that not everybody has: `make interop` runs these."""

import subprocess

import pytest

from tests.interop.languages import LANGUAGES, NODE
from tests.interop.playing import play
from tests.interop.register import live_register

pytestmark = pytest.mark.xdist_group("interop")

STEPS = 7


@pytest.fixture(scope="module")
def node() -> None:
    """Node with what the client needs; without Node the tests are skipped and say so."""
    if missing := LANGUAGES["node"].missing():
        pytest.skip(f"SKIPPED: {missing}")
    LANGUAGES["node"].prepare()


async def test_node_plays_the_main_job_over_a_restart(node: None) -> None:
    async with live_register() as register:
        played = await play(LANGUAGES["node"], register, print)
    assert played.code == 0, played.said
    assert len(played.steps) == STEPS, played.said


def test_node_verifies_the_vectors(node: None) -> None:
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", "vectors.test.js"],
        cwd=NODE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-5000:]
    assert "# fail 0" in run.stdout
    assert "# tests 0" not in run.stdout

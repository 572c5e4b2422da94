"""Every reason for which the register refuses, raised over the wire, in both languages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tashika.v1.errors_pb2 import ErrorReason
from tests.e2e.wire.provoking import calls, contract, faults, fees, fields, policy, watching
from tests.e2e.wire.provoking.scene import PROVOCATIONS, Provocation, Scene
from tests.support.people import World, make_world
from tests.support.refusals import check_form
from tests.support.server import running_server

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("wire-reasons")]

MODULES = (calls, contract, faults, fees, fields, policy, watching)
"""Importing them is what fills the table."""

REASONS = {name.removeprefix("ERROR_REASON_") for name, value in ErrorReason.items() if value}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def spare(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A server to be damaged."""
    async with running_server(tmp_path_factory.mktemp("spare"), max_transfers="1") as running:
        yield await make_world(running)


async def test_every_reason_has_its_provocation_and_every_provocation_is_a_reason() -> None:
    assert set(PROVOCATIONS) == REASONS


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("wanted", PROVOCATIONS.values(), ids=PROVOCATIONS.keys())
async def test_a_reason_comes_with_its_code_and_words_in_the_callers_language(
    world: World, spare: World, tmp_path: Path, wanted: Provocation, language: str
) -> None:
    told = await wanted.provoke(Scene(spare if wanted.own_server else world, language, tmp_path))
    assert (told.reason, told.code) == (wanted.reason, wanted.code), told.violations
    check_form(told, language)

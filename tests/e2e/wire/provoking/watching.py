"""Reasons for which a watch ends."""

import asyncio
from unittest.mock import patch

from grpc import StatusCode

from tashika.v1 import contract_watching_pb2 as pb
from tashika_server.application import watch_hub, watching
from tests.e2e.wire.provoking.scene import Scene, raises
from tests.support import data
from tests.support.play import Play
from tests.support.refusals import Refusal, refusal

METHOD = "ContractService/WatchContracts"


def _since(revision: int) -> bytes:
    return pb.WatchContractsRequest(after_revision=revision).SerializeToString()


async def _two_drafts(play: Play) -> None:
    works_id = await play.works()
    await asyncio.gather(*(play.draft(data.PERFORMANCE, works_id) for _ in range(6)))


@raises("WATCH_REVISION_UNKNOWN", StatusCode.OUT_OF_RANGE)
async def ahead_of_the_register(scene: Scene) -> Refusal:
    return await refusal(scene.person("contractor").download(METHOD, _since(2**40)))


@raises("WATCH_TOO_FAR_BEHIND", StatusCode.OUT_OF_RANGE)
async def too_far_behind(scene: Scene) -> Refusal:
    await _two_drafts(scene.play)
    with patch.object(watching, "MAX_BEHIND", 3):
        return await refusal(scene.person("contractor").download(METHOD, _since(1)))


@raises("WATCH_READER_TOO_SLOW", StatusCode.RESOURCE_EXHAUSTED)
async def too_slow(scene: Scene) -> Refusal:
    """With room for nothing, who has not taken one change when the next comes is too slow."""

    async def change() -> None:
        while True:
            await _two_drafts(scene.play)

    with patch.object(watch_hub, "MAX_WAITING", 0):
        changing = asyncio.create_task(change())
        try:
            return await refusal(scene.person("contractor").download(METHOD, _since(0)))
        finally:
            changing.cancel()
            await asyncio.gather(changing, return_exceptions=True)

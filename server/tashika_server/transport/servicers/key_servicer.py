"""KeyService."""

from collections.abc import AsyncIterator

from tashika.v1 import key_service_pb2 as pb
from tashika_formats.key import format_key
from tashika_server.application.keys import Keys
from tashika_server.application.ports import Clock
from tashika_server.domain.calendar import japan_day
from tashika_server.transport.call import Call
from tashika_server.transport.convert.contract import contract_to_proto
from tashika_server.transport.convert.hand_in import channel_from_proto, openings_to_proto
from tashika_server.transport.convert.values import moment_from_proto, moment_to_proto, revision_of
from tashika_server.transport.methods import Handler, Method, service
from tashika_server.transport.servicers.files import send_bytes


class KeyServicer:
    """The authentication key."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def get_key(self, request: pb.GetKeyRequest, call: Call) -> pb.GetKeyResponse:
        """Show the key."""
        revealed = await self._keys.reveal(call.caller, request.contract_id)
        return pb.GetKeyResponse(
            contract_number=revealed.contract.number,
            key=format_key(revealed.key),
            generation=revealed.generation,
            create_time=moment_to_proto(revealed.created_time),
        )

    async def download_key_notice(
        self, request: pb.DownloadKeyNoticeRequest, call: Call
    ) -> AsyncIterator[pb.DownloadKeyNoticeResponse]:
        """Give the key notice."""
        revealed, pdf = await self._keys.notice(call.caller, request.contract_id)
        name = f"{revealed.contract.number}-key-notice-v{revealed.certificate.version}.pdf"
        async for response in send_bytes(pb.DownloadKeyNoticeResponse, name, pdf):
            yield response

    async def record_hand_in(self, request: pb.RecordHandInRequest, call: Call) -> pb.RecordHandInResponse:
        """Record a handing in."""
        time = (
            moment_from_proto(request.hand_in_time, "hand_in_time")
            if request.HasField("hand_in_time")
            else None
        )
        handed = await self._keys.record_hand_in(
            call.caller,
            request.contract_id,
            request.version,
            channel_from_proto(request.channel),
            request.note,
            time,
            revision_of(request.etag),
            call.replay(request),
        )
        today = japan_day(self._clock.now())
        return pb.RecordHandInResponse(contract=contract_to_proto(handed, today=today))

    async def list_openings(self, request: pb.ListOpeningsRequest, call: Call) -> pb.ListOpeningsResponse:
        """List the attempts to open."""
        return openings_to_proto(await self._keys.openings(call.caller, request.contract_id))

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "GetKey": self.get_key,
            "DownloadKeyNotice": self.download_key_notice,
            "RecordHandIn": self.record_hand_in,
            "ListOpenings": self.list_openings,
        }
        return service("tashika.v1.KeyService", handlers)

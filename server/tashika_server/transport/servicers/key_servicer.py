"""KeyService."""

from collections.abc import AsyncIterator

from tashika.v1 import contract_pb2, hand_in_pb2
from tashika.v1 import key_service_pb2 as pb
from tashika_formats.key import format_key
from tashika_server.application.key_mails import KeyMails
from tashika_server.application.keys import Keys
from tashika_server.application.ports import Clock
from tashika_server.domain.calendar import japan_day
from tashika_server.domain.generations import current_generation
from tashika_server.domain.model import Contract
from tashika_server.transport.call import Call
from tashika_server.transport.convert.contract import contract_to_proto
from tashika_server.transport.convert.enums import token_of
from tashika_server.transport.convert.hand_in import (
    channel_from_proto,
    confirmation_from_proto,
    mail_to_proto,
    openings_to_proto,
)
from tashika_server.transport.convert.values import moment_to_proto, optional_moment, revision_of
from tashika_server.transport.methods import Handler, Method, service
from tashika_server.transport.servicers.files import send_bytes


class KeyServicer:
    """The authentication key."""

    def __init__(self, keys: Keys, key_mails: KeyMails, clock: Clock) -> None:
        self._keys = keys
        self._key_mails = key_mails
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
        handed = await self._keys.record_hand_in(
            call.caller,
            request.contract_id,
            request.version,
            channel_from_proto(request.channel),
            request.note,
            optional_moment(request, "hand_in_time"),
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordHandInResponse(contract=self._contract(handed))

    async def hand_in_by_mail(self, request: pb.HandInByMailRequest, call: Call) -> pb.HandInByMailResponse:
        """Show the mail that hands a key in, or put it into the outbox."""
        expected, to = revision_of(request.etag), request.to
        if request.validate_only:
            shown = await self._key_mails.show(
                call.caller, request.contract_id, request.version, to, expected
            )
            return pb.HandInByMailResponse(
                mail=mail_to_proto(shown.draft, shown.confirmation), contract=self._contract(shown.contract)
            )
        confirmed = await self._key_mails.confirm(
            call.caller,
            request.contract_id,
            request.version,
            to,
            confirmation_from_proto(request.confirmation),
            expected,
            call.replay(request),
        )
        return pb.HandInByMailResponse(contract=self._contract(confirmed))

    async def record_phone_confirmation(
        self, request: pb.RecordPhoneConfirmationRequest, call: Call
    ) -> pb.RecordPhoneConfirmationResponse:
        """Record a telephone call about a handing in."""
        confirmed = await self._keys.confirm_by_phone(
            call.caller,
            request.contract_id,
            request.version,
            request.officer,
            request.note,
            optional_moment(request, "call_time"),
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordPhoneConfirmationResponse(contract=self._contract(confirmed))

    async def reissue_key(self, request: pb.ReissueKeyRequest, call: Call) -> pb.ReissueKeyResponse:
        """Issue the key anew."""
        reissued = await self._keys.reissue(
            call.caller,
            request.contract_id,
            token_of(hand_in_pb2.KeyReissueReason, request.reason, "reason"),
            request.note,
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.ReissueKeyResponse(
            contract=self._contract(reissued), generation=current_generation(reissued)
        )

    async def record_orderer_told(
        self, request: pb.RecordOrdererToldRequest, call: Call
    ) -> pb.RecordOrdererToldResponse:
        """Record that the orderer was told of a re-issue."""
        told = await self._keys.tell_orderer(
            call.caller,
            request.contract_id,
            request.officer,
            request.note,
            optional_moment(request, "tell_time"),
            revision_of(request.etag),
            call.replay(request),
        )
        return pb.RecordOrdererToldResponse(contract=self._contract(told))

    async def list_openings(self, request: pb.ListOpeningsRequest, call: Call) -> pb.ListOpeningsResponse:
        """List the attempts to open."""
        return openings_to_proto(await self._keys.openings(call.caller, request.contract_id))

    def _contract(self, contract: Contract) -> contract_pb2.Contract:
        return contract_to_proto(contract, today=japan_day(self._clock.now()))

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "GetKey": self.get_key,
            "DownloadKeyNotice": self.download_key_notice,
            "RecordHandIn": self.record_hand_in,
            "HandInByMail": self.hand_in_by_mail,
            "RecordPhoneConfirmation": self.record_phone_confirmation,
            "ReissueKey": self.reissue_key,
            "RecordOrdererTold": self.record_orderer_told,
            "ListOpenings": self.list_openings,
        }
        return service("tashika.v1.KeyService", handlers)

"""The authentication key."""

from datetime import datetime

from tashika.v1 import hand_in_pb2
from tashika.v1 import key_service_pb2 as keys
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import STREAM_SECONDS, Calls
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.wire.contract import contract as contract_record
from tashika_tui.client.wire.handing_in import hand_in_mail, opening
from tashika_tui.client.wire.handing_in import key as key_record
from tashika_tui.client.wire.values import enum_value, put_moment


class KeyCalls(Calls):
    """The port's `Keys`."""

    async def get_key(self, contract_id: str) -> records.Key:
        """The key itself."""
        request = keys.GetKeyRequest(contract_id=contract_id)
        return key_record(await self._unary(self._keys.GetKey, request))

    async def download_key_notice(self, contract_id: str) -> records.File:
        """The notice of the authentication key as a PDF."""
        request = keys.DownloadKeyNoticeRequest(contract_id=contract_id)
        return await self._receive(
            self._keys.DownloadKeyNotice(request, timeout=STREAM_SECONDS, metadata=self._metadata())
        )

    async def record_hand_in(
        self,
        contract: records.Known,
        version: int,
        channel: str,
        *,
        request_id: str,
        hand_in_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the key of a version was handed in."""
        request = keys.RecordHandInRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            version=version,
            channel=enum_value(hand_in_pb2.HandInChannel, channel),
            note=note,
        )
        put_moment(request, "hand_in_time", hand_in_time)
        return contract_record((await self._unary(self._keys.RecordHandIn, request)).contract)

    async def show_hand_in_mail(
        self, contract: records.Known, version: int, *, to: str = ""
    ) -> records.HandInMail:
        """The mail that would hand the key in."""
        request = keys.HandInByMailRequest(
            request_id=new_request_id(),
            contract_id=contract.contract_id,
            etag=contract.etag,
            version=version,
            to=to,
            validate_only=True,
        )
        return hand_in_mail((await self._unary(self._keys.HandInByMail, request)).mail)

    async def hand_in_by_mail(
        self, contract: records.Known, version: int, mail: records.HandInMail, *, request_id: str
    ) -> records.Contract:
        """Sends the mail that was shown."""
        request = keys.HandInByMailRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            version=version,
            to=mail.to,
            confirmation=mail.confirmation,
        )
        return contract_record((await self._unary(self._keys.HandInByMail, request)).contract)

    async def record_phone_confirmation(
        self,
        contract: records.Known,
        version: int,
        officer: str,
        *,
        request_id: str,
        call_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that a handing in was confirmed by telephone."""
        request = keys.RecordPhoneConfirmationRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            version=version,
            officer=officer,
            note=note,
        )
        put_moment(request, "call_time", call_time)
        return contract_record((await self._unary(self._keys.RecordPhoneConfirmation, request)).contract)

    async def reissue_key(
        self, contract: records.Known, *, request_id: str, reason: str = "", note: str = ""
    ) -> records.Contract:
        """Issues the key anew."""
        request = keys.ReissueKeyRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            reason=enum_value(hand_in_pb2.KeyReissueReason, reason),
            note=note,
        )
        return contract_record((await self._unary(self._keys.ReissueKey, request)).contract)

    async def record_orderer_told(
        self,
        contract: records.Known,
        officer: str,
        *,
        request_id: str,
        tell_time: datetime | None = None,
        note: str = "",
    ) -> records.Contract:
        """Records that the orderer was told of a re-issue."""
        request = keys.RecordOrdererToldRequest(
            request_id=request_id,
            contract_id=contract.contract_id,
            etag=contract.etag,
            officer=officer,
            note=note,
        )
        put_moment(request, "tell_time", tell_time)
        return contract_record((await self._unary(self._keys.RecordOrdererTold, request)).contract)

    async def list_openings(self, contract_id: str) -> tuple[records.Opening, ...]:
        """The attempts to open, the latest first."""
        request = keys.ListOpeningsRequest(contract_id=contract_id)
        answer = await self._unary(self._keys.ListOpenings, request)
        return tuple(opening(item) for item in answer.openings)

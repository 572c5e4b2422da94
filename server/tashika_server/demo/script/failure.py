"""What goes wrong in the script, for people: what happened, and what to do next."""

from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

DETAILS_KEY = "grpc-status-details-bin"

_UNREACHABLE = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


class StepFailedError(Exception):
    """A step did not hold. `next_step` says what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.next_step = next_step


class Refusal:
    """What a server answered instead of doing what it was asked for (AIP-193: the details say it)."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        info = error_details_pb2.ErrorInfo()
        localized = error_details_pb2.LocalizedMessage()
        help_ = error_details_pb2.Help()
        request = error_details_pb2.BadRequest()
        self.raw = raw_details(error)
        for detail in _details(self.raw):
            for message in (info, localized, help_, request):
                if detail.Is(message.DESCRIPTOR):
                    detail.Unpack(message)
        self.code = error.code()
        self.message = error.details() or ""
        self.reason: str = info.reason
        sentences = [localized.message]
        sentences += [item.localized_message.message or item.description for item in request.field_violations]
        self.sentences = tuple(dict.fromkeys(sentence for sentence in sentences if sentence))
        self.next_steps = tuple(link.description for link in help_.links if link.description)

    def failure(self) -> StepFailedError:
        """Give it as a step that failed."""
        if self.code in _UNREACHABLE and not self.reason:
            return StepFailedError(
                "サーバーに接続できません。 / The server can't be reached.",
                "アドレスと --ca を確かめ、サーバーを起動してからやり直してください。 / "
                "Check the address and --ca, start the server, then run the script again.",
            )
        what = " ".join(self.sentences) or self.message or self.code.name
        after = " ".join(self.next_steps) or "サーバーのログを確かめてください。 / Look at the server's log."
        return StepFailedError(f"{self.reason or self.code.name}: {what}", after)


def raw_details(error: grpc.aio.AioRpcError) -> bytes:
    """Give the details of a failed call as they came, empty where there are none."""
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            return value
    return b""


def _details(raw: bytes) -> list[Any]:
    status = status_pb2.Status()
    try:
        status.ParseFromString(raw)
    except DecodeError:
        # What can't be read is no reason to hide the status itself.
        status.Clear()
    return list(status.details)

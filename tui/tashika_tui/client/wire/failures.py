"""From a gRPC error to what this client raises (AIP-193: the details say it, the status message is for logs)."""

from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from tashika_tui.client.errors import (
    SESSION_OVER,
    FieldProblem,
    RefusedByServer,
    ServerNotReachable,
    SessionExpired,
)

_DETAILS_KEY = "grpc-status-details-bin"
_OWN_ATTRIBUTES = frozenset({"reference", "field"})
_UNREACHABLE = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


def from_rpc_error(error: grpc.aio.AioRpcError) -> RefusedByServer:
    """The error for people behind a failed call: ServerNotReachable where no work was done, SessionExpired where
    signing in helps.
    """
    info = error_details_pb2.ErrorInfo()
    localized = error_details_pb2.LocalizedMessage()
    help_ = error_details_pb2.Help()
    request = error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    for detail in _details(error):
        for message in (info, localized, help_, request, retry):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    return _kind(error.code(), info.reason)(
        code=error.code().name,
        reason=info.reason,
        sentence=localized.message,
        next_steps=tuple(link.description for link in help_.links if link.description),
        reference=info.metadata.get("reference", ""),
        fields=tuple(
            FieldProblem(item.field, item.reason, item.localized_message.message or item.description)
            for item in request.field_violations
        ),
        retry_after_seconds=retry.retry_delay.seconds,
        params={name: value for name, value in info.metadata.items() if name not in _OWN_ATTRIBUTES},
    )


def _kind(code: grpc.StatusCode, reason: str) -> type[RefusedByServer]:
    if code in _UNREACHABLE:
        return ServerNotReachable
    if code is grpc.StatusCode.UNAUTHENTICATED and reason in SESSION_OVER:
        return SessionExpired
    return RefusedByServer


def _details(error: grpc.aio.AioRpcError) -> list[Any]:
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS_KEY and isinstance(value, bytes):
            try:
                status.ParseFromString(value)
            except DecodeError:
                # What can't be read is no reason to hide the status itself.
                status.Clear()
    return list(status.details)

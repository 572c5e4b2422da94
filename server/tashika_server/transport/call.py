"""One call, as a servicer sees it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from google.protobuf.message import Message

from tashika_server.application.caller import Caller
from tashika_server.application.ports import Replay
from tashika_server.transport.redaction import without_secrets


@dataclass(slots=True)
class Call:
    """Who calls what, in which language, from where, and until when.

    ``method`` is the full gRPC name (``/tashika.v1.ContractService/GetContract``); ``language`` is ``ja`` or
    ``en``; ``peer`` an address without port, ``unix``, or ``certificate:`` and the start of a client
    certificate's digest. ``ends`` is on ``time.monotonic``'s scale, infinite for a watch.
    """

    method: str
    caller: Caller
    language: str
    peer: str
    ends: float
    digest: Callable[[bytes], bytes]

    def remaining(self) -> float:
        """Give the seconds until the call's end; infinite for a watch."""
        return math.inf if math.isinf(self.ends) else max(0.0, self.ends - time.monotonic())

    def replay(self, request: Message) -> Replay:
        """Give what makes a repetition of this request recognisable (AIP-155).

        The digest leaves out ``request_id`` itself and every secret field.
        """
        request_id = str(getattr(request, "request_id"))  # noqa: B009 - not every message has it
        content = without_secrets(request).SerializeToString(deterministic=True)
        return Replay(self.caller.user_id, self.method, request_id.lower(), self.digest(content))

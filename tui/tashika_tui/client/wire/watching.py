"""Messages of a watch."""

from collections.abc import Iterator

from tashika.v1 import contract_watching_pb2
from tashika_tui.client import records
from tashika_tui.client.wire.contract import contract_row
from tashika_tui.client.wire.values import moment


def events(message: contract_watching_pb2.WatchContractsResponse) -> Iterator[records.WatchEvent]:
    """What a message tells: its changes and how many notices are unread, else how far the register is."""
    if not message.changes:
        yield records.WatchHeartbeat(message.revision)
    for change in message.changes:
        yield records.ContractChanged(
            revision=message.revision,
            contract_id=change.contract_id,
            action=change.action,
            change_time=moment(change, "change_time"),
            row=contract_row(change.contract) if change.HasField("contract") else None,
        )
    if message.HasField("unread_notices"):
        yield records.UnreadNotices(message.revision, message.unread_notices)

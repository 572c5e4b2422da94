"""What a watch tells."""

from datetime import date

from tashika.v1 import contract_watching_pb2 as pb
from tashika_server.application.ports import FeedEntry
from tashika_server.application.watch_hub import WatchEvent
from tashika_server.transport.convert.contract import contract_summary_to_proto
from tashika_server.transport.convert.values import moment_to_proto


def watch_event_to_proto(event: WatchEvent, *, today: date) -> pb.WatchContractsResponse:
    """Give one message of a watch; ``today`` is Japan's day, by which the contracts' states go."""
    return pb.WatchContractsResponse(
        revision=event.revision,
        changes=[_change_to_proto(change, today) for change in event.changes],
        unread_notices=event.unread,
    )


def _change_to_proto(change: FeedEntry, today: date) -> pb.ContractChange:
    contract = change.contract
    return pb.ContractChange(
        action=change.action,
        change_time=moment_to_proto(change.time),
        contract_id=change.contract_id,
        contract=None if contract is None else contract_summary_to_proto(contract, today=today),
    )

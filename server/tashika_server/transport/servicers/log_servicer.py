"""LogService."""

from tashika.v1 import log_service_pb2 as pb
from tashika_server.application.log import Log
from tashika_server.transport.call import Call
from tashika_server.transport.methods import Handler, Method, service


class LogServicer:
    """The register's log."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def get_checkpoint(self, _: pb.GetCheckpointRequest, call: Call) -> pb.GetCheckpointResponse:
        """Give the latest checkpoint."""
        note, checkpoint = await self._log.checkpoint()
        return pb.GetCheckpointResponse(checkpoint=note, tree_size=checkpoint.size)

    async def get_inclusion_proof(
        self, request: pb.GetInclusionProofRequest, call: Call
    ) -> pb.GetInclusionProofResponse:
        """Prove inclusion."""
        proof = await self._log.inclusion(request.leaf_index, request.tree_size)
        return pb.GetInclusionProofResponse(tree_size=proof.tree_size, hashes=proof.hashes)

    async def get_consistency_proof(
        self, request: pb.GetConsistencyProofRequest, call: Call
    ) -> pb.GetConsistencyProofResponse:
        """Prove consistency."""
        proof = await self._log.consistency(request.old_tree_size, request.new_tree_size)
        return pb.GetConsistencyProofResponse(new_tree_size=proof.tree_size, hashes=proof.hashes)

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "GetCheckpoint": self.get_checkpoint,
            "GetInclusionProof": self.get_inclusion_proof,
            "GetConsistencyProof": self.get_consistency_proof,
        }
        return service("tashika.v1.LogService", handlers)

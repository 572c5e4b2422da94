"""The client's side of the wire: a gateway that speaks gRPC and gives plain records."""

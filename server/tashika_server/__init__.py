"""The server: the register of electronic guarantees behind its gRPC interface."""

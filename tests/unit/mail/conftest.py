"""An authority for the certificates of mail servers."""

from tests.transport.server.test_tls import authority

__all__ = ["authority"]

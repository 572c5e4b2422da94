"""A connection to a server: plain where it never leaves this machine, else TLS."""

import ipaddress
import re
from pathlib import Path

import grpc
import grpc.aio

from tashika_server.demo.script.failure import StepFailedError

_HOST_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+)):(?P<port>[0-9]{1,5})")


def open_channel(address: str, ca: Path | None) -> grpc.aio.Channel:
    """Open a channel to `unix:PATH` or `HOST:PORT`. `ca`: authorities to trust (PEM) instead of the system's.

    Raises StepFailedError for what is no address, and for authorities that can't be read.
    """
    # What stays on this machine must not go to a proxy that the environment names.
    options = [("grpc.enable_http_proxy", 0)]
    if address.startswith("unix:"):
        return grpc.aio.insecure_channel(address, options=options)
    match = _HOST_PORT.fullmatch(address)
    if match is None:
        raise StepFailedError(
            f"アドレスの形が違います: {address} / This is no address.",
            "unix:PATH、HOST:PORT または [IPV6]:PORT と書いてください。 / Write unix:PATH, HOST:PORT or [IPV6]:PORT.",
        )
    if ca is None and _is_loopback(match["six"] or match["host"]):
        return grpc.aio.insecure_channel(address, options=options)
    return grpc.aio.secure_channel(address, grpc.ssl_channel_credentials(_authorities(ca)))


def _authorities(ca: Path | None) -> bytes | None:
    if ca is None:
        return None
    try:
        return ca.read_bytes()
    except OSError as error:
        raise StepFailedError(
            f"{ca} を読めません（{error.strerror}）。 / {ca} can't be read.",
            "--ca に認証局の証明書（PEM）を指定してください。 / Give --ca the authority's certificate (PEM).",
        ) from None


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

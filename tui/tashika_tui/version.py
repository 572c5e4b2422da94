"""The version of this programme."""

from importlib.metadata import PackageNotFoundError, version


def client_version() -> str:
    """The installed version; `unknown` where the programme runs without being installed."""
    try:
        return version("tashika")
    except PackageNotFoundError:
        return "unknown"

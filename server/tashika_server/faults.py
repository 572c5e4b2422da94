"""What the log says of a fault that nobody expected: where it happened, never what was asked."""

import traceback

# Deep enough for the longest way through the use cases; an endless recursion must not fill the disk.
_MAX_FRAMES = 40
_MAX_CAUSES = 4

# Attributes by which system and store name their trouble in codes of their own, which hold no data.
_SAFE_ATTRIBUTES = ("errno", "sqlite_errorname", "sqlstate")


def describe_fault(error: BaseException) -> list[dict[str, object]]:
    """Give the chain of exceptions, the outermost first: type, frames, and error numbers where there are any.

    The exceptions' own texts are left out: ``invalid literal for int(): 'K7Q2-...'`` would put an
    authentication key into the log. The lines of code say what failed.
    """
    chain: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < _MAX_CAUSES:
        chain.append(_one(current))
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return chain


def _one(error: BaseException) -> dict[str, object]:
    kind = type(error)
    frames = traceback.extract_tb(error.__traceback__, limit=-_MAX_FRAMES)
    found: dict[str, object] = {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in frames],
    }
    for name in _SAFE_ATTRIBUTES:
        value = getattr(error, name, None)
        if isinstance(value, int | str):
            found[name] = value
    return found

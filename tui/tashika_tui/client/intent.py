"""One identifier for each intent of a person, kept over retries (AIP-155)."""

import uuid


def new_request_id() -> str:
    """A fresh identifier. Make it when a person decides, and keep it until the decision is answered: repeated
    with the same request, it gives the first answer and does nothing twice.
    """
    return str(uuid.uuid4())

"""Data that comes with the server: policies of real orderers, and the JSON Schema of such a file."""

from importlib.resources import files


def orderers_json() -> str:
    """Give the policy file with real orderers, as read on public pages."""
    return files(__name__).joinpath("orderers.json").read_text(encoding="utf-8")


def policy_schema_json() -> str:
    """Give the JSON Schema (2020-12) of a policy file."""
    return files(__name__).joinpath("policy.schema.json").read_text(encoding="utf-8")

"""The policy file ``tashika-orderers/1``: JSON with what orderers ask for, read strictly and written back.

Every key may be left out. An orderer may come several times with another ``valid_from``: these are the
versions of its policy. ``sample/policy.schema.json`` describes the same form for other tools.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from tashika_server.domain.policy import Policy
from tashika_server.domain.policy_json import policy_to_json
from tashika_server.domain.policy_parts import NAME, NOTE, read_policy
from tashika_server.domain.policy_reader import Faults, Json, Reader
from tashika_server.domain.reasons import Reason, RefusedError, Violation

__all__ = [
    "MAX_VIOLATIONS",
    "SCHEMA",
    "ParsedOrderer",
    "check_policy",
    "parse_policy_file",
    "policy_to_json",
    "write_policy_file",
]

SCHEMA = "tashika-orderers/1"

MAX_VIOLATIONS = 20
"""What a person can work through at a time; the last one counts the others."""

MAX_CHARACTERS = 16_000_000
"""The nation's 1,800 local bodies with a page of policy each are 4 million characters."""

MAX_ORDERERS = 20_000
"""Ten versions for each of the 1,800 local bodies, and the ministries' offices."""

_ORDERER_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class ParsedOrderer:
    """An orderer's entry in a policy file: who it is, and one version of its policy."""

    orderer_id: str
    name: str
    policy: Policy
    prefecture: str = ""
    kana: str = ""


def parse_policy_file(text: str) -> tuple[ParsedOrderer, ...]:
    """Read a policy file.

    Refuses POLICY_INVALID with every fault: ``field`` is its JSON path (``orderers[3].prepayment``),
    ``problem`` says what is wrong. After ``MAX_VIOLATIONS`` a last one (problem MORE) counts the others.
    """
    faults = Faults()
    entries = _read_file(_load(text), faults)
    _refuse(faults)
    return entries


def check_policy(policy: Policy, prefix: str = "policy") -> list[Violation]:
    """List what would be refused of a policy that did not come from a file, with paths under ``prefix``.

    Also what a file could not say: an empty policy part reads back as it is, an empty list does not.
    """
    faults = Faults()
    reader = Reader(policy_to_json(policy), prefix, faults)
    again = read_policy(reader)
    reader.close()
    if not faults.violations and again != policy:
        faults.add(prefix, "NOT_IN_NORMAL_FORM")
    return faults.violations


def write_policy_file(entries: Sequence[ParsedOrderer]) -> str:
    """Write a policy file that reads back as these entries."""
    orderers: list[Json] = []
    for entry in entries:
        record: dict[str, Json] = {"id": entry.orderer_id, "name": entry.name}
        if entry.kana:
            record["kana"] = entry.kana
        if entry.prefecture:
            record["prefecture"] = entry.prefecture
        orderers.append(record | policy_to_json(entry.policy))
    return json.dumps({"schema": SCHEMA, "orderers": orderers}, ensure_ascii=False, indent=1) + "\n"


def _load(text: str) -> Json:
    """Give the file's value. Twice the same key, NaN and decimals are no policy; nor is what exhausts the
    parser.
    """
    if len(text) > MAX_CHARACTERS:
        raise _not_json("TOO_LARGE")
    try:
        value: Json = json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_object, parse_constant=_constant
        )
    except (ValueError, RecursionError) as error:
        raise _not_json("NOT_JSON", error) from None
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return values


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _not_json(problem: str, error: Exception | None = None) -> RefusedError:
    params: dict[str, str | int] = {"problem": problem}
    if isinstance(error, json.JSONDecodeError):
        params |= {"line": error.lineno, "column": error.colno}
    return RefusedError(Violation(Reason.POLICY_INVALID, "", params))


def _read_file(value: Json, faults: Faults) -> tuple[ParsedOrderer, ...]:
    reader = Reader(value, "", faults)
    if reader.take("schema") != SCHEMA:
        faults.add("schema", "UNKNOWN_TOKEN", allowed=SCHEMA)
    reader.text("about", NOTE, multiline=True)
    if not reader.has("orderers"):
        faults.add("orderers", "MISSING")
    entries = reader.items(
        "orderers", lambda item, path: _read_orderer(item, path, faults), most=MAX_ORDERERS, unique=False
    )
    reader.close()
    seen: set[tuple[str, object]] = set()
    for index, entry in enumerate(entries):
        version = (entry.orderer_id, entry.policy.valid_from)
        if entry.orderer_id and version in seen:
            faults.add(f"orderers[{index}].id", "DUPLICATE", value=entry.orderer_id)
        seen.add(version)
    return entries


def _read_orderer(value: Json, path: str, faults: Faults) -> ParsedOrderer:
    reader = Reader(value, path, faults)
    entry = ParsedOrderer(
        orderer_id=reader.pattern("id", _ORDERER_ID, 64, required=True),
        name=reader.text("name", NAME, required=True),
        prefecture=reader.text("prefecture", NAME),
        kana=reader.text("kana", NAME),
        policy=read_policy(reader),
    )
    reader.close()
    return entry


def _refuse(faults: Faults) -> None:
    found = faults.violations
    if len(found) > MAX_VIOLATIONS:
        more: dict[str, str | int] = {"problem": "MORE", "count": len(found) - MAX_VIOLATIONS}
        raise RefusedError(*found[:MAX_VIOLATIONS], Violation(Reason.POLICY_INVALID, "", more))
    if found:
        raise RefusedError(*found)

"""The reference as Markdown."""

import re
from collections.abc import Callable, Iterable, Iterator

from tashika_server.application.access import RULES, Rule
from tashika_server.domain.model import Role
from tools.reference.contract import Contract, Enumeration, Field, Message, Method, Service
from tools.reference.reasons import reasons, warnings
from tools.reference.rules import in_words

_TITLE = """\
# Protocol reference

All of `tashika.v1`, for whoever writes a client. Made by `make reference` from the protos and from the tables of the
server: do not edit. `build/tashika.binpb` is the same as a descriptor set, `tests/interop` has clients in three
languages.

- **Signing in.** `authorization: Bearer <token>` in the metadata, from CreateSession. "Who" says whose role a method
  takes; whose things they are is checked beside that, and what is somebody else's is NOT_FOUND.
- **Language.** `accept-language: ja` or `en` in the metadata; else the session's, else Japanese.
- **Changes** carry a `request_id`: repeating one with the same content gives the first answer for 30 days. With an
  `etag` they are refused if the thing was changed meanwhile.
- **Timeouts and retries** stand in `proto/tashika/v1/service_config.json`, which gRPC libraries take as it is. A call
  whose deadline leaves too little time for the work is refused; the server has limits of its own beside that.
- **Refusals** are a `google.rpc.Status` in `grpc-status-details-bin`; [Reasons](#reasons) has them all.
- **Files** travel as a header and chunks of at most 64 KiB.
- **Rules** are those of `buf/validate`, checked before anything else is done; what goes beyond them stands in the
  comments.
"""

_ROLE_NAMES = {
    Role.CONTRACTOR: "contractor",
    Role.UNDERWRITER: "underwriter",
    Role.APPROVER: "approver",
    Role.OFFICER: "officer",
    Role.OPERATOR: "operator",
}
_IDEMPOTENCY = {"NO_SIDE_EFFECTS": "reads", "IDEMPOTENT": "can be repeated; each time is recorded"}
# These two have a chapter of their own.
_REASONS, _WARNINGS = "ErrorReason", "WarningReason"
_TOKEN = re.compile(r"(?<![`\w#])[A-Z][A-Z_]+[A-Z](?![\w(])")


def reference(contract: Contract) -> str:
    """The whole text."""
    known = {value.name.removeprefix("ERROR_REASON_") for value in contract.enumerations[_REASONS].values}
    linked = _linker(known)
    lines = [*_TITLE.splitlines(), "", *_contents(contract)]
    for service in contract.services:
        lines += _service(service, contract, linked)
    lines += ["## Messages", ""]
    for message in sorted(contract.messages.values(), key=lambda each: each.name):
        lines += _message(message, contract)
    lines += ["## Enumerations", ""]
    for enumeration in sorted(contract.enumerations.values(), key=lambda each: each.name):
        if enumeration.name not in (_REASONS, _WARNINGS):
            lines += _enumeration(enumeration)
    lines += reasons(contract.enumerations[_REASONS])
    lines += warnings(contract.enumerations[_WARNINGS])
    return "\n".join(lines).rstrip() + "\n"


def _contents(contract: Contract) -> Iterator[str]:
    for service in contract.services:
        methods = ", ".join(_link(method.name) for method in service.methods)
        yield f"- {_link(service.name)}: {methods}"
    yield f"- {_link('Messages')}, {_link('Enumerations')}, {_link('Reasons')}, {_link('Cautions')}"
    yield ""


def _service(service: Service, contract: Contract, linked: Callable[[str], str]) -> Iterator[str]:
    yield from (f"## {service.name}", "", linked(service.comment), "")
    yield from ("| method | who | timeout | repeating |", "|---|---|---|---|")
    for method in service.methods:
        cells = (
            _link(method.name),
            who(RULES[method.path]),
            method.timeout or "none",
            repeating(method, contract),
        )
        yield _row(cells)
    yield ""
    for method in service.methods:
        yield from (f"### {method.name}", "", linked(method.comment), "")
        takes, gives = "stream of " * method.takes_many, "stream of " * method.gives_many
        yield f"{takes}{_link(method.request)} → {gives}{_link(method.response)}"
        yield ""


def who(rule: Rule) -> str:
    """Whom a method takes."""
    if rule.anyone:
        return "anyone"
    if rule.roles == frozenset(Role):
        return (
            "anyone signed in" + " (also before the first change of password)" * rule.before_password_change
        )
    return ", ".join(name for role, name in _ROLE_NAMES.items() if role in rule.roles)


def repeating(method: Method, contract: Contract) -> str:
    """What becomes of a call that is made again, and whether the service config lets clients do so."""
    retried = "retried when UNAVAILABLE" if method.retried else "not retried"
    if method.idempotency in _IDEMPOTENCY:
        return f"{_IDEMPOTENCY[method.idempotency]}; {retried}"
    keyed = any(field.name == "request_id" for field in _fields(contract.messages[method.request], contract))
    return f"{'safe with its request_id' if keyed else 'each call counts'}; {retried}"


def _fields(message: Message, contract: Contract) -> Iterator[Field]:
    """The fields of a request, and of the header of a stream of them."""
    for field in message.fields:
        yield field
        if field.name == "header":
            yield from contract.messages[field.type].fields


def _message(message: Message, contract: Contract) -> Iterator[str]:
    yield from (f"### {message.name}", "", message.comment, "")
    if not message.fields:
        return
    yield from ("| field | type | rules | meaning |", "|---|---|---|---|")
    for field in message.fields:
        meaning = f"One of `{field.one_of}`. {field.comment}" if field.one_of else field.comment
        yield _row((f"`{field.name}` {field.number}", _type(field, contract), in_words(field.rules), meaning))
    yield ""


def _type(field: Field, contract: Contract) -> str:
    known = {*contract.messages, *contract.enumerations}
    names = [_type_link(name) if name in known else f"`{name}`" for name in field.type.split(", ")]
    words = {"list": "list of {}", "map": "map of {}", "optional": "optional {}", "one": "{}"}
    return words[field.holds].format(" to ".join(names))


def _type_link(name: str) -> str:
    chapter = {_REASONS: "Reasons", _WARNINGS: "Cautions"}.get(name, name)
    return f"[{name}](#{chapter.lower()})"


def _enumeration(enumeration: Enumeration) -> Iterator[str]:
    yield from (f"### {enumeration.name}", "", enumeration.comment, "")
    yield from ("| value | meaning |", "|---|---|")
    for value in enumeration.values:
        yield _row((f"`{value.name}` {value.number}", value.comment))
    yield ""


def _linker(tokens: Iterable[str]) -> Callable[[str], str]:
    """Makes every reason in a text a link to it."""
    known = frozenset(tokens)

    def link(match: re.Match[str]) -> str:
        return _link(match[0]) if match[0] in known else match[0]

    return lambda text: _TOKEN.sub(link, text)


def _link(heading: str) -> str:
    return f"[{heading}](#{heading.lower()})"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), ' ') for cell in cells)} |"

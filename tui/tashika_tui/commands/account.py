"""`tashika login`, `logout` and `password`."""

import uuid
from dataclasses import dataclass

from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.client.records import Session
from tashika_tui.commands.asking import STANDARD_INPUT, ask_secret
from tashika_tui.commands.connection import connected, required_sign_in, signed_in
from tashika_tui.context import SessionContext
from tashika_tui.presenting.wording import moment_text
from tashika_tui.problems import Exit, LocalError
from tashika_tui.sign_in import SignIn, forget, recall, remember


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """Who signs in; `sources` is what stands behind the name: nothing, or `-`."""

    login_name: str
    sources: tuple[str, ...] = ()


async def login(session: SessionContext, options: LoginOptions) -> Exit:
    """Signs in and remembers the session for later commands. Raises LocalError, RegisterError."""
    password = ask_secret(session, "login.prompt", from_input=from_input(options.sources))
    where = session.endpoint()
    async with connected(session) as register:
        begun = await register.create_session(options.login_name, password)
    remember(
        session.environment,
        SignIn(where.target, options.login_name, begun.session.expire_time, begun.token),
    )
    _greet(session, begun.session)
    return Exit.DONE


async def logout(session: SessionContext) -> Exit:
    """Ends the session at the server and forgets it here, which is done even if the server can't be reached.

    Raises LocalError, ServerNotReachable.
    """
    where = session.endpoint()
    found = recall(session.environment, where.target)
    if found is None:
        session.console.line(session.texts("logout.nobody", server=where.target))
        return Exit.DONE
    try:
        async with connected(session, found.token) as register:
            await register.delete_session(str(uuid.uuid4()))
    except ServerNotReachable:
        raise
    except RefusedByServer:
        # Refused means that the session is over already.
        pass
    finally:
        forget(session.environment, where.target)
    session.console.line(session.texts("logout.done"))
    return Exit.DONE


async def change_password(session: SessionContext, sources: tuple[str, ...]) -> Exit:
    """Changes the password of who is signed in. From standard input: the present one, then the new one, a line
    each. Raises LocalError, RegisterError.
    """
    piped = from_input(sources)
    required_sign_in(session)
    old = ask_secret(session, "password.prompt_old", from_input=piped)
    new = ask_secret(session, "password.prompt_new", from_input=piped)
    if not piped and ask_secret(session, "password.prompt_again", from_input=False) != new:
        raise LocalError("problem.passwords_differ")
    async with signed_in(session) as register:
        await register.change_password(old, new)
    session.console.line(session.texts("password.done"))
    return Exit.DONE


def from_input(sources: tuple[str, ...]) -> bool:
    """Whether a password comes from standard input. Raises LocalError for anything that may be one itself."""
    if sources not in ((), (STANDARD_INPUT,)):
        raise LocalError("problem.password_in_arguments")
    return bool(sources)


def _greet(session: SessionContext, found: Session) -> None:
    texts = session.texts
    roles = texts("value.separator").join(texts.choice("role", role) for role in found.roles)
    who = texts(
        "login.done",
        name=found.name,
        organization=found.organization,
        roles=roles,
        until=moment_text(texts, found.expire_time),
    )
    session.console.line(who)
    if found.must_change_password:
        session.console.line(texts("login.must_change"))

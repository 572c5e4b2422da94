"""The states of a guarantee contract as a table: from where, by what, to where, by whom.

The table binds: no step is taken that has no row here. A row with the same state on both sides changes what
the contract holds, not where it stands.
"""

from dataclasses import dataclass
from datetime import date
from enum import auto, unique

from tashika_server.domain.model import Contract, ContractState
from tashika_server.domain.reasons import Reason, RefusedError, Token, refuse


@unique
class Action(Token):
    """What can be done with a guarantee contract."""

    REVISE = auto()
    SUBMIT = auto()
    DELETE = auto()
    WITHDRAW = auto()
    RETURN = auto()
    REFUSE = auto()
    ACCEPT = auto()
    APPROVE = auto()
    REPORT_ERROR = auto()
    RECORD_FEE = auto()
    ATTACH = auto()
    ISSUE = auto()
    RECORD_PAPER_ISSUE = auto()
    HAND_IN = auto()
    REISSUE_KEY = auto()
    LAPSE = auto()
    EXPIRE = auto()


@unique
class Actor(Token):
    """Who takes a step. ``CALENDAR``: the day alone; a daily job only records it."""

    CONTRACTOR = auto()
    UNDERWRITER = auto()
    APPROVER = auto()
    CALENDAR = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in ``state``, ``actor`` may take ``action``, which leads to ``target`` (``None``: deleted)."""

    state: ContractState
    action: Action
    target: ContractState | None
    actor: Actor


_S, _A, _W = ContractState, Action, Actor

STEPS: tuple[Step, ...] = (
    Step(_S.DRAFT, _A.REVISE, _S.DRAFT, _W.CONTRACTOR),
    Step(_S.DRAFT, _A.ATTACH, _S.DRAFT, _W.CONTRACTOR),
    Step(_S.DRAFT, _A.DELETE, None, _W.CONTRACTOR),
    Step(_S.DRAFT, _A.SUBMIT, _S.SUBMITTED, _W.CONTRACTOR),
    Step(_S.SUBMITTED, _A.ATTACH, _S.SUBMITTED, _W.CONTRACTOR),
    Step(_S.SUBMITTED, _A.WITHDRAW, _S.WITHDRAWN, _W.CONTRACTOR),
    Step(_S.SUBMITTED, _A.RETURN, _S.RETURNED, _W.UNDERWRITER),
    Step(_S.SUBMITTED, _A.REFUSE, _S.REFUSED, _W.UNDERWRITER),
    Step(_S.SUBMITTED, _A.ACCEPT, _S.PENDING_APPROVAL, _W.UNDERWRITER),
    Step(_S.SUBMITTED, _A.ACCEPT, _S.ACCEPTED, _W.UNDERWRITER),
    Step(_S.PENDING_APPROVAL, _A.APPROVE, _S.ACCEPTED, _W.APPROVER),
    Step(_S.PENDING_APPROVAL, _A.RETURN, _S.RETURNED, _W.APPROVER),
    Step(_S.PENDING_APPROVAL, _A.REFUSE, _S.REFUSED, _W.APPROVER),
    Step(_S.RETURNED, _A.REVISE, _S.RETURNED, _W.CONTRACTOR),
    Step(_S.RETURNED, _A.ATTACH, _S.RETURNED, _W.CONTRACTOR),
    Step(_S.RETURNED, _A.SUBMIT, _S.SUBMITTED, _W.CONTRACTOR),
    Step(_S.RETURNED, _A.WITHDRAW, _S.WITHDRAWN, _W.CONTRACTOR),
    Step(_S.ACCEPTED, _A.ATTACH, _S.ACCEPTED, _W.CONTRACTOR),
    Step(_S.ACCEPTED, _A.RETURN, _S.RETURNED, _W.UNDERWRITER),
    Step(_S.ACCEPTED, _A.REPORT_ERROR, _S.SUBMITTED, _W.CONTRACTOR),
    Step(_S.ACCEPTED, _A.WITHDRAW, _S.WITHDRAWN, _W.CONTRACTOR),
    Step(_S.ACCEPTED, _A.ISSUE, _S.IN_FORCE, _W.UNDERWRITER),
    Step(_S.ACCEPTED, _A.RECORD_PAPER_ISSUE, _S.IN_FORCE, _W.UNDERWRITER),
    Step(_S.ACCEPTED, _A.LAPSE, _S.LAPSED, _W.CALENDAR),
    Step(_S.IN_FORCE, _A.HAND_IN, _S.IN_FORCE, _W.CONTRACTOR),
    Step(_S.IN_FORCE, _A.EXPIRE, _S.EXPIRED, _W.CALENDAR),
    Step(_S.EXPIRED, _A.HAND_IN, _S.EXPIRED, _W.CONTRACTOR),
    # By the contractor before the key was handed in, by the guarantor after it.
    Step(_S.IN_FORCE, _A.REISSUE_KEY, _S.IN_FORCE, _W.CONTRACTOR),
    Step(_S.IN_FORCE, _A.REISSUE_KEY, _S.IN_FORCE, _W.UNDERWRITER),
    Step(_S.EXPIRED, _A.REISSUE_KEY, _S.EXPIRED, _W.CONTRACTOR),
    Step(_S.EXPIRED, _A.REISSUE_KEY, _S.EXPIRED, _W.UNDERWRITER),
    # Money moves on its own: a transfer may cross with a return or a withdrawal, and is booked where it
    # arrives.
    *(
        Step(state, _A.RECORD_FEE, state, _W.UNDERWRITER)
        for state in (
            _S.SUBMITTED,
            _S.RETURNED,
            _S.WITHDRAWN,
            _S.REFUSED,
            _S.PENDING_APPROVAL,
            _S.ACCEPTED,
            _S.LAPSED,
            _S.IN_FORCE,
            _S.EXPIRED,
        )
    ),
)

LIVE_STATES = frozenset(ContractState) - {
    _S.WITHDRAWN,
    _S.REFUSED,
    _S.LAPSED,
    _S.DISCHARGED,
    _S.CANCELLED,
    _S.SETTLED,
}
"""States in which a submitted contract keeps its slot. An expired one does: a term amendment brings it back.
"""


def effective_state(contract: Contract, today: date) -> ContractState:
    """Give the state on a day in Japan, whatever has been recorded so far.

    An accepted contract lapses on the day after ``pay_by``, which is set only while money is owed. One in
    force expires on the day after the last day of the guarantee period.
    """
    if contract.state is ContractState.ACCEPTED and contract.pay_by is not None and today > contract.pay_by:
        return ContractState.LAPSED
    if contract.state is ContractState.IN_FORCE and _is_over(contract, today):
        return ContractState.EXPIRED
    return contract.state


def allowed_states(action: Action) -> tuple[ContractState, ...]:
    """Give the states in which an action is possible, in the order of a contract's life."""
    states = {step.state for step in STEPS if step.action is action}
    return tuple(state for state in ContractState if state in states)


def targets(state: ContractState, action: Action) -> tuple[ContractState | None, ...]:
    """Give where an action can lead to from a state; empty where it is not possible."""
    return tuple(step.target for step in STEPS if step.state is state and step.action is action)


def require(contract: Contract, action: Action, today: date) -> ContractState:
    """Give the state of the contract if the action is possible in it on that day.

    Refuses PAYMENT_LAPSED where only the lapsed payment stands in the way, else WRONG_STATE.
    """
    state = effective_state(contract, today)
    if targets(state, action):
        return state
    if state is ContractState.LAPSED and targets(ContractState.ACCEPTED, action):
        lapsed_on = contract.pay_by.isoformat() if contract.pay_by else ""
        raise refuse(Reason.PAYMENT_LAPSED, pay_by=lapsed_on)
    raise wrong_state(state, action)


def wrong_state(state: ContractState, action: Action) -> RefusedError:
    """Make the refusal that names the state and those in which the action is possible (comma-separated)."""
    return refuse(Reason.WRONG_STATE, state=state, allowed=", ".join(allowed_states(action)), action=action)


def _is_over(contract: Contract, today: date) -> bool:
    last_day = contract.terms.period_end if contract.terms is not None else None
    return last_day is not None and today > last_day

"""A guarantee contract under arbitrary steps, against a small model that was written from the description
alone.
"""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tashika_server.domain import lifecycle
from tashika_server.domain.generations import current_generation, generations
from tashika_server.domain.ledger import balance_yen
from tashika_server.domain.model import Attachment, Contract, FeeEntry, FeeEntryKind, Form, PaperIssue, Remark
from tashika_server.domain.reasons import RefusedError
from tashika_server.domain.slots import slot
from tests.unit.domain.making import NOW, NUMBER, PRINCIPAL, TODAY, draft, prepayment

LAST_DAY = date(2027, 2, 26)
REMARKS = (Remark("", "誤りがあります。"),)
USERS = st.sampled_from(["usr_a", "usr_b"])
MONEY = st.sampled_from([1, 50_000, 100_000, 150_000])

ENDED = {"WITHDRAWN", "REFUSED", "LAPSED"}
POSSIBLE_IN = {
    "revise": {"DRAFT", "RETURNED"},
    "submit": {"DRAFT", "RETURNED"},
    "delete": {"DRAFT"},
    "withdraw": {"SUBMITTED", "RETURNED", "ACCEPTED"},
    "return": {"SUBMITTED", "PENDING_APPROVAL", "ACCEPTED"},
    "refuse": {"SUBMITTED", "PENDING_APPROVAL"},
    "accept": {"SUBMITTED"},
    "approve": {"PENDING_APPROVAL"},
    "report": {"ACCEPTED"},
    "issue": {"ACCEPTED"},
    "hand in": {"IN_FORCE", "EXPIRED"},
    "reissue": {"IN_FORCE", "EXPIRED"},
    "attach": {"DRAFT", "SUBMITTED", "RETURNED", "ACCEPTED"},
}


Rule = Callable[..., None]


def possible(action: str) -> Callable[[Rule], Rule]:
    """Offer a rule only where its action is possible; ``try_anything`` takes care of the other states."""
    found: Callable[[Rule], Rule] = precondition(lambda self: self.real_state() in POSSIBLE_IN[action])
    return found


class ContractMachine(RuleBasedStateMachine):
    """The contract, and beside it the model: a state, sums of money, two names, a deadline."""

    @initialize(form=st.sampled_from(Form))
    def begin(self, form: Form) -> None:
        self.contract = draft(prepayment(form=form))
        self.now = NOW
        self.state = "DRAFT"
        self.fee = self.received = 0
        self.monthly = False
        self.accepted_by = ""
        self.deadline: date | None = None
        self.fee_was_told = False
        self.hand_ins = 0
        self.handed_in_now = False
        self.keys = 1
        self.rows = 0

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=9)).date()

    @property
    def settled(self) -> bool:
        return self.monthly or self.received >= self.fee

    def real_state(self) -> str:
        if self.state == "ACCEPTED" and self.deadline is not None and self.today > self.deadline:
            return "LAPSED"
        if self.state == "IN_FORCE" and self.today > LAST_DAY:
            return "EXPIRED"
        return self.state

    def entry_id(self) -> str:
        self.rows += 1
        return f"fee_{self.rows}"

    def step(self, action: str, run: Callable[[], Contract], *, also: bool = True) -> bool:
        """Take a step, which succeeds exactly where the model says so."""
        expected = also and self.real_state() in POSSIBLE_IN[action]
        before = self.contract
        try:
            self.contract = run()
        except RefusedError:
            assert not expected, f"{action} was refused in {self.real_state()}"
            return False
        assert expected, f"{action} was possible in {self.real_state()}"
        assert before.ledger == self.contract.ledger[: len(before.ledger)]
        assert before.facts == self.contract.facts[: len(before.facts)]
        assert not before.number or before.number == self.contract.number
        return True

    def undone(self, target: str) -> None:
        self.state, self.fee, self.monthly, self.accepted_by, self.deadline = target, 0, False, "", None

    def was_accepted(self) -> None:
        self.state = "ACCEPTED"
        self.deadline = None if self.settled else self.today + timedelta(days=14)

    @rule(days=st.sampled_from([0, 1, 14, 15, 300]), hours=st.integers(0, 23))
    def wait(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours)

    @rule(steps=st.integers(1, 4), approval=st.booleans(), monthly=st.booleans())
    def go_on(self, steps: int, approval: bool, monthly: bool) -> None:
        """Take the next steps of an ordinary life, so that later states are reached often."""
        for _ in range(steps):
            state = self.real_state()
            if state in ("DRAFT", "RETURNED"):
                self.submit()
            elif state == "SUBMITTED":
                self.accept("usr_a", 100_000, approval, monthly)
            elif state == "PENDING_APPROVAL":
                self.approve("usr_b")
            elif state == "ACCEPTED" and not self.settled:
                self.move_money(100_000, False)
            elif state == "ACCEPTED":
                self.issue()
                self.record_the_paper()
            else:
                self.hand_in()

    @rule(action=st.sampled_from(sorted(POSSIBLE_IN)), user=USERS)
    def try_anything(self, action: str, user: str) -> None:
        attempts: dict[str, Callable[[], None]] = {
            "revise": self.revise,
            "submit": self.submit,
            "delete": self.delete,
            "withdraw": lambda: self.withdraw(user),
            "return": lambda: self.send_back(user),
            "refuse": lambda: self.refuse(user),
            "accept": lambda: self.accept(user, 100_000, False, False),
            "approve": lambda: self.approve(user),
            "report": lambda: self.report_an_error(user),
            "issue": self.issue,
            "hand in": self.hand_in,
            "reissue": lambda: self.issue_the_key_anew(user == "usr_b", False),
            "attach": self.attach,
        }
        attempts[action]()

    @precondition(lambda self: self.state == "ACCEPTED" and not self.settled)
    @rule(amount=MONEY)
    def pay_too_late(self, amount: int) -> None:
        self.wait(15, 0)
        self.move_money(amount, False)

    @precondition(lambda self: self.state in ENDED)
    @rule(form=st.sampled_from(Form))
    def start_over(self, form: Form) -> None:
        self.begin(form)

    @rule()
    def run_the_daily_job(self) -> None:
        recorded = lifecycle.by_calendar(self.contract, self.today, self.now)
        assert (recorded is None) == (self.real_state() == self.state)
        if recorded is not None:
            self.contract, self.state = recorded, self.real_state()
            self.fee = 0 if self.state == "LAPSED" else self.fee

    @possible("revise")
    @rule()
    def revise(self) -> None:
        application = self.contract.application
        self.step("revise", lambda: lifecycle.revise_draft(self.contract, application, self.now))

    @possible("submit")
    @rule()
    def submit(self) -> None:
        application = self.contract.application
        if self.step(
            "submit",
            lambda: lifecycle.submit(
                self.contract,
                application=application,
                principal=PRINCIPAL,
                number=NUMBER,
                policy_version=1,
                slot=slot(application),
                now=self.now,
            ),
        ):
            self.state = "SUBMITTED"

    @possible("delete")
    @rule()
    def delete(self) -> None:
        def run() -> Contract:
            lifecycle.delete_check(self.contract)
            return self.contract

        self.step("delete", run)

    @possible("withdraw")
    @rule(user=USERS)
    def withdraw(self, user: str) -> None:
        booked = self.entry_id()
        if self.step(
            "withdraw", lambda: lifecycle.withdraw(self.contract, entry_id=booked, user_id=user, now=self.now)
        ):
            self.undone("WITHDRAWN")

    @possible("return")
    @rule(user=USERS)
    def send_back(self, user: str) -> None:
        booked = self.entry_id()
        other = self.state != "PENDING_APPROVAL" or user != self.accepted_by
        if self.step(
            "return",
            lambda: lifecycle.return_for_correction(
                self.contract, REMARKS, entry_id=booked, user_id=user, now=self.now
            ),
            also=other,
        ):
            self.undone("RETURNED")

    @possible("refuse")
    @rule(user=USERS)
    def refuse(self, user: str) -> None:
        booked = self.entry_id()
        other = self.state != "PENDING_APPROVAL" or user != self.accepted_by
        if self.step(
            "refuse",
            lambda: lifecycle.refuse_application(
                self.contract, "できません。", entry_id=booked, user_id=user, now=self.now
            ),
            also=other,
        ):
            self.undone("REFUSED")

    @possible("accept")
    @rule(user=USERS, fee=st.sampled_from([0, 100_000]), approval=st.booleans(), monthly=st.booleans())
    def accept(self, user: str, fee: int, approval: bool, monthly: bool) -> None:
        booked = self.entry_id()
        if self.step(
            "accept",
            lambda: lifecycle.accept(
                self.contract,
                terms=self.contract.application,
                fee_yen=fee,
                entry_id=booked,
                user_id=user,
                approval_required=approval,
                monthly_payer=monthly,
                now=self.now,
            ),
        ):
            self.fee, self.monthly, self.accepted_by = fee, monthly, user
            self.fee_was_told = self.fee_was_told or fee > 0
            self.state = "PENDING_APPROVAL"
            if not approval:
                self.was_accepted()

    @possible("approve")
    @rule(user=USERS)
    def approve(self, user: str) -> None:
        if self.step(
            "approve", lambda: lifecycle.approve(self.contract, user, self.now), also=user != self.accepted_by
        ):
            self.was_accepted()

    @possible("report")
    @rule(user=USERS)
    def report_an_error(self, user: str) -> None:
        booked = self.entry_id()
        if self.step(
            "report",
            lambda: lifecycle.report_error(
                self.contract, REMARKS, entry_id=booked, user_id=user, now=self.now
            ),
        ):
            self.undone("SUBMITTED")

    @rule(amount=MONEY, refund=st.booleans())
    def move_money(self, amount: int, refund: bool) -> None:
        kind = FeeEntryKind.REFUND if refund else FeeEntryKind.PAYMENT
        entry = FeeEntry(self.entry_id(), kind, amount, self.today, self.now, "usr_a")
        expected = self.fee_was_told and (not refund or amount <= self.received - self.fee)
        try:
            self.contract = lifecycle.record_fee(self.contract, entry, now=self.now)
        except RefusedError:
            assert not expected
            return
        assert expected
        self.received += -amount if refund else amount
        if self.real_state() == "ACCEPTED" and self.settled:
            self.deadline = None

    @possible("issue")
    @rule()
    def issue(self) -> None:
        electronic = self.contract.application.form is Form.ELECTRONIC
        if self.step(
            "issue",
            lambda: lifecycle.issue(self.contract, version=1, now=self.now, today=self.today),
            also=electronic and self.settled and self.today <= LAST_DAY,
        ):
            self.state = "IN_FORCE"

    @possible("issue")
    @rule()
    def record_the_paper(self) -> None:
        paper = PaperIssue(self.today, "第1号", self.now, "usr_a")
        if self.step(
            "issue",
            lambda: lifecycle.record_paper_issue(self.contract, paper, now=self.now),
            also=self.contract.application.form is Form.PAPER and self.settled and self.today <= LAST_DAY,
        ):
            self.state = "IN_FORCE"

    @possible("hand in")
    @rule()
    def hand_in(self) -> None:
        if self.step(
            "hand in",
            lambda: lifecycle.hand_in(self.contract, 1, "MAIL", "", self.now, "usr_a", self.now),
            also=self.contract.application.form is Form.ELECTRONIC and self.hand_ins < 100,
        ):
            self.hand_ins += 1
            self.handed_in_now = True

    @possible("reissue")
    @rule(guarantor=st.booleans(), opened=st.booleans())
    def issue_the_key_anew(self, guarantor: bool, opened: bool) -> None:
        handed = self.handed_in_now or opened
        if self.step(
            "reissue",
            lambda: lifecycle.reissue(
                self.contract,
                by_guarantor=guarantor,
                opened=opened,
                reason="LOST" if guarantor else "",
                note="",
                user_id="usr_a",
                now=self.now,
            ),
            also=self.contract.application.form is Form.ELECTRONIC
            and handed == guarantor
            and self.keys <= 100,
        ):
            self.keys += 1
            self.handed_in_now = False

    @invariant()
    def keys_follow_one_another(self) -> None:
        assert current_generation(self.contract) == self.keys
        known = generations(self.contract)
        assert all(one.revoked == other.created for one, other in itertools.pairwise(known))
        assert not known or known[-1].revoked is None

    @possible("attach")
    @rule()
    def attach(self) -> None:
        attachment = Attachment("att_1", "契約書.pdf", 1, "0" * 64, self.now, "usr_a")
        self.step(
            "attach",
            lambda: lifecycle.attach(self.contract, attachment, now=self.now),
            also=len(self.contract.attachments) < 20,
        )

    @invariant()
    def state_and_money_agree(self) -> None:
        assert self.contract.state.value == self.state
        assert lifecycle.effective_state(self.contract, self.today).value == self.real_state()
        assert balance_yen(self.contract.ledger) == self.fee - self.received

    @invariant()
    def what_is_held_fits_the_state(self) -> None:
        assert (self.contract.slot is not None) == (self.state not in ENDED | {"DRAFT"})
        assert bool(self.contract.number) == (self.state != "DRAFT")
        assert (self.contract.version == 1) == (
            self.state in {"IN_FORCE", "EXPIRED"} and self.contract.paper_issue is None
        )
        stands = self.state in {"PENDING_APPROVAL", "ACCEPTED", "LAPSED", "IN_FORCE", "EXPIRED"}
        assert (self.contract.terms is not None) == stands
        if self.state == "ACCEPTED":
            assert self.contract.pay_by == self.deadline


def test_the_machine_begins_where_the_day_is_known() -> None:
    assert (NOW + timedelta(hours=9)).date() == TODAY


ContractMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestContractMachine = ContractMachine.TestCase

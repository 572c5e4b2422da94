"""The version of the tables that knows fees: tariffs, monthly payers, and what is owed by whom.

In the neutral spelling of version 1. The lists of what is owed and of credits are short, whatever the register's size:
their indexes hold such contracts alone.
"""

from typing import Final

OWED: Final = "<> ''"
"""What the last day for the fee must be to stand in its indexes; a query must say it in these words."""

CREDIT: Final = "< 0"
"""Likewise the balance in those on credits."""

_SCOPES: Final = ("", "organization_id, ", "desk_id, ")

VERSION_FEES: Final = (
    """CREATE TABLE tariff (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL)""",
    """CREATE TABLE monthly_payer (
        id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, payload TEXT NOT NULL,
        guarantor_id TEXT NOT NULL, organization_id TEXT NOT NULL, since TEXT NOT NULL)""",
    # Every entry of every contract's fee ledger, by the two parties and the moment of its booking.
    """CREATE TABLE fee_entry (
        guarantor_id TEXT NOT NULL, organization_id TEXT NOT NULL, recorded_time INTEGER NOT NULL,
        contract_id TEXT NOT NULL, entry_id TEXT NOT NULL, owed_yen INTEGER NOT NULL, fictional INTEGER NOT NULL,
        PRIMARY KEY (guarantor_id, organization_id, recorded_time, contract_id, entry_id)){clustered}""",
    "ALTER TABLE contract ADD COLUMN fee_due TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE contract ADD COLUMN balance_yen INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX monthly_payer_list_since ON monthly_payer (since, id)",
    "CREATE INDEX monthly_payer_list_guarantor_id_since ON monthly_payer (guarantor_id, since, id)",
    *(
        f"CREATE INDEX contract_owed_{place} ON contract ({scope}fee_due, id) WHERE fee_due {OWED}"
        for place, scope in enumerate(_SCOPES)
    ),
    *(
        f"CREATE INDEX contract_credit_{place} ON contract ({scope}balance_yen, id) WHERE balance_yen {CREDIT}"
        for place, scope in enumerate(_SCOPES)
    ),
)

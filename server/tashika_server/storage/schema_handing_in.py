"""The version of the tables that knows how long contracts took, and with which key a certificate was opened.

In the neutral spelling of version 1.
"""

from typing import Final

MILESTONES: Final = ("submitted_time", "accepted_time", "paid_time", "issued_time", "handed_in_time")

REACHED: Final = ">= 0"
"""What a milestone must be to stand in the indexes below; a query must say it in these words."""

VERSION_HANDING_IN: Final = (
    *(f"ALTER TABLE contract ADD COLUMN {column} INTEGER NOT NULL DEFAULT -1" for column in MILESTONES),
    # The generation of the key that opened; every key was the first one until now.
    "ALTER TABLE opening ADD COLUMN generation INTEGER NOT NULL DEFAULT 1",
    # Each leg of the way by the day on which it ended, with where it began: a distribution reads these alone.
    f"CREATE INDEX contract_lead_accepted ON contract (desk_id, accepted_time, submitted_time) "
    f"WHERE accepted_time {REACHED}",
    f"CREATE INDEX contract_lead_paid ON contract (desk_id, paid_time, accepted_time) WHERE paid_time {REACHED}",
    f"CREATE INDEX contract_lead_issued ON contract (desk_id, issued_time, paid_time) WHERE issued_time {REACHED}",
    f"CREATE INDEX contract_lead_handed_in ON contract (desk_id, handed_in_time, issued_time, submitted_time) "
    f"WHERE handed_in_time {REACHED}",
)

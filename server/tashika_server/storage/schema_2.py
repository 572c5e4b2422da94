"""Version 2 of the tables: searching by parts of names and numbers, and what changed for whom.

In the neutral spelling of version 1; ``{clustered}`` keeps a table's rows in the order of its key, where the store
can, since such a table has next to nothing but its key.
"""

from typing import Final

VERSION_2: Final = (
    # What can be found of a thing, folded, a field a line.
    """CREATE TABLE search_text (
        kind TEXT NOT NULL, id TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (kind, id)){clustered}""",
    # The things whose text holds two neighbouring characters (more of a number: see tashika_formats.search).
    """CREATE TABLE search_gram (
        kind TEXT NOT NULL, gram TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, gram, id)){clustered}""",
    # Which change of the history an organisation sees; gone: what it sees is that the contract is no longer there.
    """CREATE TABLE contract_feed (
        revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, organization_id TEXT NOT NULL,
        contract_id TEXT NOT NULL, gone INTEGER NOT NULL,
        PRIMARY KEY (revision, ordinal, organization_id)){clustered}""",
    "CREATE INDEX contract_feed_organization_id ON contract_feed (organization_id, revision, ordinal)",
)

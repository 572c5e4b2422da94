"""The tables as peewee models, bound to no database: SQL is compiled from them once, per store.

Every record has its payload (the entity as JSON) and beside it only what is looked up, sorted, filtered or counted.
Moments are whole microseconds since 1970 UTC, days ISO text, flags 0 or 1. The tables themselves are made by the
migrations; a test compares both.
"""

from peewee import BigIntegerField, BlobField, Model, TextField


class Base(Model):
    """A table without a database."""

    class Meta:
        legacy_table_names = False


class Record(Base):
    """A thing as it is: the store's revision of its last change, and the payload."""

    revision = BigIntegerField()
    payload = TextField()


class OrganizationRow(Record):
    """An organisation."""

    id = TextField(primary_key=True)
    kind = TextField()
    name = TextField()
    kana = TextField()

    class Meta:
        table_name = "organization"


class UserRow(Record):
    """A person."""

    id = TextField(primary_key=True)
    organization_id = TextField()
    login_name = TextField()
    name = TextField()

    class Meta:
        table_name = "person"


class OrdererRow(Record):
    """An orderer with its policies."""

    id = TextField(primary_key=True)
    name = TextField()
    kana = TextField()
    prefecture = TextField()

    class Meta:
        table_name = "orderer"


class WorksRow(Record):
    """A works contract."""

    id = TextField(primary_key=True)
    organization_id = TextField()
    orderer_id = TextField()
    kind = TextField()
    number = TextField()
    name = TextField()
    price_yen = BigIntegerField()
    period_end = TextField()

    class Meta:
        table_name = "works"


class ContractRow(Record):
    """A guarantee contract. ``desk_id`` is the guarantor once it has been submitted: drafts are not on its desk.

    ``fee_due``: the last day for what is owed; ``balance_yen``: what that is, negative for a credit.
    The times from ``submitted_time`` on are its milestones for the lead time, -1 where it is not there yet.
    """

    id = TextField(primary_key=True)
    number = TextField()
    slot = TextField(null=True)
    organization_id = TextField()
    guarantor_id = TextField()
    desk_id = TextField()
    orderer_id = TextField()
    works_id = TextField()
    state = TextField()
    product = TextField()
    form = TextField()
    registered_time = BigIntegerField()
    updated_time = BigIntegerField()
    works_name = TextField()
    amount_yen = BigIntegerField()
    period_end = TextField()
    pay_by = TextField()
    submitted_time = BigIntegerField()
    accepted_time = BigIntegerField()
    paid_time = BigIntegerField()
    issued_time = BigIntegerField()
    handed_in_time = BigIntegerField()
    fee_due = TextField()
    balance_yen = BigIntegerField()

    class Meta:
        table_name = "contract"


class CertificateRow(Record):
    """An issued version; ``leaf_index`` is its place in the log, -1 before the transaction's end."""

    id = TextField(primary_key=True)
    contract_id = TextField()
    version = BigIntegerField()
    organization_id = TextField()
    guarantor_id = TextField()
    orderer_id = TextField()
    contract_number = TextField()
    issued_time = BigIntegerField()
    pdf_sha256 = TextField()
    leaf_index = BigIntegerField()

    class Meta:
        table_name = "certificate"


class KeyRow(Record):
    """A sealed key. ``live_number`` is the contract's number while the key is not revoked; only it is opened by."""

    id = TextField(primary_key=True)
    contract_id = TextField()
    generation = BigIntegerField()
    live_number = TextField(null=True)
    digest = BlobField()

    class Meta:
        table_name = "sealed_key"


class TariffRow(Record):
    """A guarantor's tariff, under the guarantor's id."""

    id = TextField(primary_key=True)

    class Meta:
        table_name = "tariff"


class MonthlyPayerRow(Record):
    """What a guarantor agreed with a contractor about monthly payment."""

    id = TextField(primary_key=True)
    guarantor_id = TextField()
    organization_id = TextField()
    since = TextField()

    class Meta:
        table_name = "monthly_payer"


class FeeEntryRow(Base):
    """An entry of a contract's fee ledger between two parties; ``owed_yen`` is what it adds to what is owed."""

    guarantor_id = TextField()
    organization_id = TextField()
    recorded_time = BigIntegerField()
    contract_id = TextField()
    entry_id = TextField()
    owed_yen = BigIntegerField()
    fictional = BigIntegerField()

    class Meta:
        table_name = "fee_entry"
        primary_key = False


class SshKeyRow(Record):
    """A person's public key for signing in over SSH."""

    id = TextField(primary_key=True)
    user_id = TextField()
    fingerprint = TextField()

    class Meta:
        table_name = "ssh_key"


class SessionRow(Base):
    """A signed-in person; no history."""

    id = TextField(primary_key=True)
    user_id = TextField()
    secret_hash = BlobField()
    created_time = BigIntegerField()
    last_used_time = BigIntegerField()
    expires_time = BigIntegerField()
    language = TextField()

    class Meta:
        table_name = "session"


class CounterRow(Base):
    """How many things of a kind there are in a scope and bucket (a contract's recorded state)."""

    kind = TextField()
    scope = TextField()
    scope_id = TextField()
    bucket = TextField()
    count = BigIntegerField()

    class Meta:
        table_name = "counter"
        primary_key = False


class SearchTextRow(Base):
    """What can be found of a thing: its fields, folded, a line each."""

    kind = TextField()
    id = TextField()
    folded = TextField()

    class Meta:
        table_name = "search_text"
        primary_key = False


class SearchGramRow(Base):
    """A thing whose text holds two neighbouring characters (more of a number)."""

    kind = TextField()
    gram = TextField()
    id = TextField()

    class Meta:
        table_name = "search_gram"
        primary_key = False


class ContractFeedRow(Base):
    """A change of a contract that an organisation sees; ``gone``: what it sees is that it is no longer there."""

    revision = BigIntegerField()
    ordinal = BigIntegerField()
    organization_id = TextField()
    contract_id = TextField()
    gone = BigIntegerField()

    class Meta:
        table_name = "contract_feed"
        primary_key = False


class NoticePreferencesRow(Record):
    """What a person wants of notices, by user id."""

    id = TextField(primary_key=True)

    class Meta:
        table_name = "notice_preferences"


class NoticeEventRow(Base):
    """What happened to a contract. ``told`` 0: nobody has been told yet."""

    id = TextField(primary_key=True)
    kind = TextField()
    contract_id = TextField()
    contract_number = TextField()
    works_name = TextField()
    time = BigIntegerField()
    position = BigIntegerField()
    told = BigIntegerField()

    class Meta:
        table_name = "notice_event"


class NoticeRow(Base):
    """An event as one person is told of it; ``read_time`` is -1 while it is unread."""

    id = TextField(primary_key=True)
    event_id = TextField()
    user_id = TextField()
    position = BigIntegerField()
    read_time = BigIntegerField()

    class Meta:
        table_name = "notice"


class NoticeBoxRow(Base):
    """How many notices of a person are unread, and the number of the last change of that."""

    user_id = TextField(primary_key=True)
    unread = BigIntegerField()
    change = BigIntegerField()

    class Meta:
        table_name = "notice_box"


class MailRow(Base):
    """A mail of the outbox; ``time`` is when it is due, was sent or was given up."""

    id = TextField(primary_key=True)
    event_id = TextField()
    receiver = TextField()
    address = TextField()
    language = TextField()
    party = TextField()
    state = TextField()
    attempts = BigIntegerField()
    first_time = BigIntegerField()
    time = BigIntegerField()
    lease = TextField()
    message_id = TextField()
    reason = TextField()

    class Meta:
        table_name = "mail"


class KeyMailRow(Base):
    """A mail that hands a key in: what it refers to, what was confirmed of it, and where it stands."""

    id = TextField(primary_key=True)
    contract_id = TextField()
    version = BigIntegerField()
    generation = BigIntegerField()
    address = TextField()
    confirmation = BlobField()
    user_id = TextField()
    state = TextField()
    attempts = BigIntegerField()
    first_time = BigIntegerField()
    time = BigIntegerField()
    lease = TextField()
    message_id = TextField()
    reason = TextField()

    class Meta:
        table_name = "key_mail"

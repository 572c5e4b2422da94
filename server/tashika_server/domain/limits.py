"""Limits on what is entered, each with its reason. Texts are counted in code points."""

from datetime import date
from typing import Final

NAME: Final = 200
"""Names of companies, works, sections: tenders reach about 120 characters, and more does not fit on paper."""

PLACE: Final = 200
"""A place of works, which may list several lots."""

ADDRESS: Final = 200
"""An address; the longest postal addresses of Japan with building and floor stay below 100."""

SHORT: Final = 100
"""Names of banks, branches, people and their titles, works numbers."""

CODE: Final = 64
"""Ids and codes; the longest that is made here has 30 characters."""

ACCOUNT_KIND: Final = 20
"""普通, 当座, 別段 and the like."""

TELEPHONE: Final = 20
"""An international number has 15 digits (ITU-T E.164), and some separators."""

MAIL: Final = 254
"""The longest path that SMTP carries is 256 octets with its brackets (RFC 5321 section 4.5.3.1.3)."""

NOTE: Final = 2000
"""A note or remark of one page."""

REFERENCE: Final = 100
"""The number of a paper certificate, in any form."""

TERMS_REFERENCE: Final = 500
"""The name and date of the guarantee terms, as printed on a certificate."""

FILE_NAME: Final = 200
"""Below the 255 bytes of common file systems only for ASCII; the store keeps files by digest, not by name."""

MAX_YEN: Final = 10_000_000_000_000
"""10 trillion yen: ten times the largest public works of Japan, and far below 2**53, so exact in every
client.
"""

FIRST_DAY: Final = date(1989, 1, 1)
"""No guarantee of today refers to an earlier day; a year such as 0025 is a typing error."""

LAST_DAY: Final = date(2200, 12, 31)
"""Far beyond any works period, and within the calendar of every client."""

MAX_MEMBERS: Final = 20
"""Joint ventures have two to about ten members; the certificate's table has room for twenty."""

RATIO_SUM: Final = 10_000
"""The shares of a joint venture in hundredths of a percent: 100.00 %."""

MAX_ATTACHMENTS: Final = 20
"""The works contract, the award notice and some years of financial statements."""

MAX_ATTACHMENT_BYTES: Final = 20 * 1024 * 1024
"""A scanned works contract with its plans; larger ones are drawings, which no guarantor reads."""

MAX_REMARKS: Final = 50
"""About the number of fields that an application has."""

MAX_BRANCHES: Final = 200
"""A guarantee company has an office in every prefecture, and some in large cities."""

MAX_HAND_INS: Final = 100
"""A key is handed in once or a few times; more records than this are a program in a loop."""

CLOCK_TOLERANCE_SECONDS: Final = 60
"""How far a caller's clock may go ahead of the register's before a moment counts as the future."""

PASSWORD_MIN: Final = 12
"""Long enough without rules about signs, which make people write passwords down."""

PASSWORD_MAX: Final = 128
"""Room for a passphrase; a bound on what is hashed."""

PASSWORD_DISTINCT: Final = 5
"""Fewer different characters are a key held down."""

MAX_SSH_KEYS: Final = 20
"""Keys of one person: a few computers and security keys; whoever has more has forgotten some."""

LOGIN_NAME_MIN: Final = 3
"""Shorter names would forbid too many passwords, since a password does not contain the name."""

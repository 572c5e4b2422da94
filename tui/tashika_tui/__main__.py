"""`python -m tashika_tui` is `tashika`."""

import sys

from tashika_tui.cli import main

sys.exit(main())

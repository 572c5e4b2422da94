"""`python -m tashika_tui` is `tashika`."""

import sys

from tashika_tui.start import main

sys.exit(main())

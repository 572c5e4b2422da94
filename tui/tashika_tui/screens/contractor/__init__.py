"""The contractor's screens: the list of contracts, applying, checking what was accepted, and handing in keys."""

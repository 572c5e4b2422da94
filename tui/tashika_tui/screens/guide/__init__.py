"""The guide: how electronic guarantees work, how to get and hand in a key, and whom to ask."""

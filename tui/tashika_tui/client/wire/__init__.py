"""Between messages and records: all that knows both."""

"""The client: the keyboard-driven programme `tashika` and its plain commands."""

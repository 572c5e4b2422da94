"""The plain commands: one module each, without a full screen, for scripts, pipes and screen readers.

A command is an asynchronous function of the session and its options that prints and returns an exit code.
"""

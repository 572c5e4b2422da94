"""Writes proto/REFERENCE.md, the protocol reference for people who write a client.

`python -m tools.reference` prints it, with `--write` it goes into its file. Everything in it comes from where it
holds: services, messages and comments from the image that the build writes, roles from the table of access, timeouts
and retries from the service config, reasons with codes and sentences from the table of errors. Same sources, same
bytes; `make check` compares.
"""

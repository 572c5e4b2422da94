"""What both sides of Tashika agree on beyond the wire: numbers, keys, dates, signed records and their proofs.

Import the modules; there is nothing at the top level. The pure modules need only the standard library, read
no clock and no file, and draw no random numbers: the caller gives them. The `verify_*` modules import
cryptography and pyHanko when they are first used. Nothing in this package prints.
"""

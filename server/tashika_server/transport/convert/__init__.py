"""Between the wire's messages and the domain's objects; nothing is decided here.

``..._to_proto`` never fails. ``..._from_proto`` raises ``RefusedError`` with DATE_IMPOSSIBLE or CHOICE_UNKNOWN and the
path of the field, and expects a message that keeps the proto's own rules otherwise.
"""

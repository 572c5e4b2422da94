"""What needs no account: a certificate by number and authentication key."""

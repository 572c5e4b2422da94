"""Secrets: the root secret and what is derived from it, passwords, tokens, and the counting of wrong guesses."""

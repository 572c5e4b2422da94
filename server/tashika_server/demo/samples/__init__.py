"""Invented organisations, orderers and works. Nobody in here exists, except cities whose policies are public."""

"""Puts records into words, for commands and screens alike: labelled values under headings. No terminal here."""

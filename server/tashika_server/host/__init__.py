"""A register on its host: opened, served, and looked after."""

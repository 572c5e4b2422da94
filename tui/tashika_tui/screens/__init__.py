"""The screens: what all roles share stands here, the rest in a folder per role."""

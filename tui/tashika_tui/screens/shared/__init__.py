"""What the screens of more than one role are made of."""

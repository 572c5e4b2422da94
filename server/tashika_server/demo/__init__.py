"""`tashika-server demo`: a register with invented people and contracts to try, and the main job as a script."""

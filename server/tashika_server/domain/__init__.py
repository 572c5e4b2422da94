"""The rules of electronic guarantees: pure, without clock, input or output, or randomness."""

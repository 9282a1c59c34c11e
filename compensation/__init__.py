"""How pay follows from a plan."""

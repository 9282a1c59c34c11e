"""What every number means: definitions over canonical tables, no screen, no engine."""

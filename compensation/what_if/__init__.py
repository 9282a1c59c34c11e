"""What pay would be: chance, other terms, deals that may close."""

"""Sources: one like-shaped folder each."""

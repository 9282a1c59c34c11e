"""Charts: what their specifications say."""

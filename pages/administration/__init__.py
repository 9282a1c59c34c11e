"""Administration: where the numbers come from and what they mean."""

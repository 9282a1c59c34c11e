"""Paying: what the store knows, given to the calculation, and what comes back kept."""

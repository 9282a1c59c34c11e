"""The build: from landings to parts."""

"""What a plan component changes: estimates with their uncertainty, and the verdict that follows from them."""

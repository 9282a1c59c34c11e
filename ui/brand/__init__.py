"""The application's icon."""

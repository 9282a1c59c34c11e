"""What takes more than one room: load, publish, open, forget, backup."""

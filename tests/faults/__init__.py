"""What happens when a process is killed: a whole version is left, always."""

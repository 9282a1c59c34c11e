"""What sets a machine up, checks the tree and writes generated pages; never imported by the application."""

"""Every command: what it does, and the sentence it says when it cannot."""

"""Performance: who sells what, against what was asked."""

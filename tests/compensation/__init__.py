"""Tests of how pay follows from a plan."""

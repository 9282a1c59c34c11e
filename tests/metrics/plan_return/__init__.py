"""Tests of what plan components cost."""

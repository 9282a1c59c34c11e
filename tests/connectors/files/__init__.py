"""Tests of the files connector."""

"""Tests of the planning database."""

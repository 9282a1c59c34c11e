"""Tests of the plan as text."""

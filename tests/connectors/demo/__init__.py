"""Tests of connectors/demo."""

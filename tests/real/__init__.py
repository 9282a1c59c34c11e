"""Tests on real data, found through ATTAIN_DATA."""

"""Tests of the benchmarks: small runs of each, and figures that say whether they hold."""

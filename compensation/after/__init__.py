"""What follows a run: statements, payroll, adjustments of closed months, reconciliation, the expense schedule."""

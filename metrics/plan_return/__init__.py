"""What plan components cost, and what goes with it: metrics over payouts, plan assignments and credits.

Their answers tell pay. They are asked anew for each viewer and each time, and never kept: ``Metric.pay`` says so.
"""

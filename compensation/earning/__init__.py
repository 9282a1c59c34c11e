"""From a transaction to what a component earns: credit, measure, quota, tiers and curves, modifiers, caps."""

"""The store: canonical tables, parts and versions, engines, access, calendar, settings."""

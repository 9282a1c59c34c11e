"""The write side: quotas, forecast calls, roles and grants, the audit trail and the outbox."""

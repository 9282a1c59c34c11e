"""Why an edit was not taken: a stable code with fields, which renders to one plain sentence."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "already_closed": "Pay of {start} to {end} is closed already; everything up to {until} is. What has changed "
    "since is paid as an adjustment in the next month that is closed.",
    "amount_missing": "Enter the amount.",
    "amount_negative": "The amount is {value}. A target or call cannot be below zero.",
    "amount_not_exact": "The amount {value} cannot be kept exactly: use at most four decimal places "
    "and fourteen digits before them.",
    "bad_category": "“{value}” is not a forecast category. Use one of {known}.",
    "bad_currency": "“{value}” is not a currency. Use a three-letter code such as EUR.",
    "bad_measure": "There is no measure called “{value}”. Use one of {known}.",
    "bad_role": "There is no role called “{value}”. Use one of {known}.",
    "bad_scope": "“{value}” is not a scope. Use one of {known}.",
    "changed_meanwhile": "Somebody changed this while you were editing: you saw version {seen}, it is now "
    "version {now}. Look at the new version and decide again.",
    "close_in_order": "Months are closed one after the other: the next one begins on {next}, not on {start}.",
    "closed_meanwhile": "Somebody closed a month while you were looking. Look at {start} to {end} again and "
    "decide then.",
    "draft_changed": "{person} saved this draft while you were editing. Look at it again, or save yours as "
    "a new draft.",
    "grant_to_oneself": "Everybody sees their own numbers already; choose another person.",
    "key_is_email": "A person is named by key, not by e-mail address; look the key up first.",
    "last_administrator": "This is the last administrator. Give the role to somebody else first, or nobody "
    "could give roles any more.",
    "no_such_draft": "This draft is not open any more: it was published, discarded or never there.",
    "no_such_grant": "This grant does not exist any more.",
    "no_such_question": "There is no such question.",
    "no_such_role": "{person} does not hold the role {value}.",
    "nobody": "Say whom this is for.",
    "period_backwards": "The period ends on {end}, which is not after its start on {start}.",
    "period_closed": "The period from {start} to {end} is closed. Ask an administrator to open it again.",
    "plan_not_ready": "The plan cannot come into force. {value}",
    "plan_reaches_back": "The plan is in force from {start}, and pay is closed up to {end}: what it changes "
    "before that day is paid as an adjustment. Say why in the reason.",
    "plan_undated": "The plan does not say from which day it is in force. Write valid_from.",
    "plan_version": "The plan says version {value}. Write version = {next}: versions follow each other.",
    "question_done": "This question is {value}; ask a new one.",
    "question_empty": "Write a few words.",
    "question_long": "This has {value} characters; write {most} at the most.",
    "reason_missing": "Say why, in a few words: the reason is kept in the audit trail.",
    "territory_missing": "Say which territory this target is for.",
}
"""English sentence by code. Sorted by code; translated only when it is shown."""


class Refused(ValueError):
    """An edit that was not taken; nothing was saved. ``str()`` is the English sentence."""

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.fields = {name: str(value) for name, value in fields.items()}
        super().__init__(self.sentence)

    @property
    def template(self) -> str:
        """English template of the sentence, the id under which it is translated."""
        return TEMPLATES[self.code]

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in English."""
        return self.template.format_map(self.fields)

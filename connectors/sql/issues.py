"""Sentences of the SQL connector, added to the shared templates."""

from __future__ import annotations

from warehouse.issues import TEMPLATES

TEMPLATES.update(
    {
        "float_money": "{file}: {field} holds floating-point numbers, which cannot hold cents exactly; "
        "{detail} were read as written. Cast it to a decimal in the query.",
        "no_cursor_value": "{file}: {detail} have no {field}, so a later load cannot see them change. "
        "Give {field} a value in the query.",
        "rounded_money": "{file}: {field} has more than four decimal places; {detail} were rounded. "
        "Round it in the query to say how.",
        "sql_address": "The address of the database {file} cannot be used: {detail}. Correct it and load again.",
        "sql_driver": "The database {file} needs a driver that is not installed ({detail}). Install it and "
        "load again.",
        "sql_query": "The database refused the query {file}: {detail}. Correct the query and load again.",
        "sql_secret": "{field} is not set, neither in the environment nor in .streamlit/secrets.toml. "
        "Set it and load again.",
        "sql_unreachable": "The database {file} cannot be reached: {detail}. Check that it runs, its address "
        "and your rights, and load again.",
        "unknown_column": "{file} returns a column “{field}”, which {detail} does not have. Name it otherwise "
        "(… AS name) or take it out of the query, and load again.",
        "wrong_kind": "{file}, row {row}: {field} is “{value}”, which cannot be {detail}. "
        "Correct it in the database or the query, and load again.",
    }
)

"""Sentences of the files connector, added to the shared templates."""

from __future__ import annotations

from warehouse.issues import TEMPLATES

TEMPLATES.update(
    {
        "bad_characters": "{file}, row {row}: {field} is “{value}”, with characters that are not {detail}. "
        "State the file's encoding in the mapping and load again.",
        "cut_file": "{file} ends in the middle, after row {row} ({detail}); the rows up to there were used. "
        "Fetch it again and load again.",
        "cut_row": "{file}, row {row}: the row ends in the middle, with {value} of {detail} fields; "
        "the file looks cut off. Fetch it again and load again.",
        "encoding_doubtful": "{file} was read as {value}, but its bytes look like {detail}. "
        "Check the accents, and state the encoding in the mapping.",
        "group_differs": "{file}, row {row}: {field} is not the same in all rows of {detail}; "
        "“{value}”, the first, was used.",
        "join_repeated": "{file}, row {row}: {field} “{value}” was there before; the first such row is used. "
        "Keep one of them.",
        "no_as_of": "{file}: nothing in the files says which day the data stands at. "
        "Write as_of = followed by a day under [source] in the mapping.",
        "no_match": "{file}, row {row}: {field} “{value}” is nowhere in {detail}. "
        "Add it there, or correct it, and load again.",
        "no_rows_left": "{file}: none of its {value} rows could be used for {detail}. "
        "Correct the rows or the mapping and load again.",
        "not_listed": "{file}, row {row}: {field} is “{value}”, which is not in the list “{detail}” of the "
        "mapping. Add it there, or correct it, and load again.",
        "nothing_chosen": "{file}: no row meets the conditions for {detail}. Check “where” in the mapping.",
        "open_quote": "{file}, row {row}: a quotation mark is opened and not closed (“{value}”). "
        "Close it, or double it if it is part of the text, and load again.",
        "ragged_row": "{file}, row {row}: the row has {value} fields where {detail} were expected. "
        "Correct it and load again.",
        "unreadable_row": "{file}, row {row}: the row cannot be read ({detail}). Correct it and load again.",
    }
)

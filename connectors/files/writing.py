"""Native values of workbooks and Parquet files as the text their mapping expects.

All values are text until they are converted; a native number is therefore written with the
file's own decimal sign, so that a workbook in a "decimal comma" mapping is not read wrongly.
"""

from __future__ import annotations

from connectors.files.spec import FileSpec


def number_text(number: float, spec: FileSpec) -> str:
    """A number as text, whole ones without a decimal part."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return str(number).replace(".", spec.decimal)

"""Files as a source: CSV, Excel and Parquet read as a mapping says (see docs/mappings.md)."""

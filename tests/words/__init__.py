"""Words: catalogues, formats, safe text."""

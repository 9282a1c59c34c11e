"""Words of every screen: catalogues of translations, formats of numbers and dates, safe text."""

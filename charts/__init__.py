"""Charts: rows in, a Vega-Lite specification with its takeaway and its words out."""

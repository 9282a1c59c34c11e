"""One short script a question, in subfolders only."""

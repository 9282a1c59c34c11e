"""A pay plan as text: what it can say, how it is read, what is wrong with it, what it looks like."""

"""Reading a list of organisations and people: the file, its columns, a verdict on each row, and taking it over."""

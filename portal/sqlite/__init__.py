"""Django's SQLite engine with SQLite's own limit of parameters."""

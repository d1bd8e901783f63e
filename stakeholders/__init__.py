"""Who is at the table: groups, countries, organisations, public bodies, and the people who act for them."""

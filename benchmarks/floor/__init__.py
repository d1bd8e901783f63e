"""The floor: what the same framework, server and database reach when a page does next to nothing."""

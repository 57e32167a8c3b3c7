"""The engine: run a compiled model for one or many members."""

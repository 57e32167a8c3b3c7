"""What the report says: its languages, names of figures and inputs, sentences made from tables."""

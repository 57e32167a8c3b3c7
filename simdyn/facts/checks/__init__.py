"""Checks of reported figures against each other, one kind of contradiction a file."""

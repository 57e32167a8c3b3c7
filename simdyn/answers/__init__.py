"""Answers read off runs: indicators, targets, differences, backcasts, contributions."""

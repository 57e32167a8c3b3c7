"""Batches of runs: regions x scenarios x draws, in blocks that are stored whole or not at all."""

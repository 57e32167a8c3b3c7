"""Calibration: readings of the figures, priors, fit."""

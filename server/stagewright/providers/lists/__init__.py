"""Providers' lists of models and single models: one module for each API, and what they share."""

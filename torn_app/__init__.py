"""Torn: point of sale and electronic invoicing for Chilean small businesses."""

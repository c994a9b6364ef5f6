"""Recommendations: notes written, decided about, answered and shown. Call it through this module."""

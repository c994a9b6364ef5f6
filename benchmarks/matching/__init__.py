"""Invented registers and the people who are looked for in them, made apart from what looks for them."""

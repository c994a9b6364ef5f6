"""Random histories of accreditation: what happens in them, and what must be so after every step."""

"""A copy of what search reads of the listings, in the memory of one process. Nothing else may be read from it."""

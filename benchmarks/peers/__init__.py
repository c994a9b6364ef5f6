"""What one would use instead: tantivy, one SQL statement, a flat table with Datasette, a page that says hello."""

"""Values and rules every package may use. Knows nothing of the tax service, the database or the web."""

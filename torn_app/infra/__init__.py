"""The outside world: database, keys, jobs, the tax service. Each behind a small door."""

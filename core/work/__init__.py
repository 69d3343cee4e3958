"""Work that outlives a request: jobs, schedules, the outbox and the worker."""

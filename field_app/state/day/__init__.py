"""The day: my jobs, what is offered, and search over everything on the phone."""

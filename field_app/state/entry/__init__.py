"""Coming in: sign-in, enrolment, the PIN, the first copy of the day's work."""

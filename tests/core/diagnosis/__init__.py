"""A diagnostic run, judged: schema, words, verdicts, figures."""

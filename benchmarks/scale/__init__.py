"""Two thousand devices on two server processes over one PostgreSQL: a day pressed into minutes."""

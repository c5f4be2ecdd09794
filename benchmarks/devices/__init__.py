"""One server process and many devices: how long an exchange takes, and what a core carries."""

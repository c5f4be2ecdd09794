"""The day in real Chromium: a real server, a real app process, a link that can be cut."""

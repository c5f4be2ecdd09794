"""How quick the app feels: real Chromium, a real app process, a full replica."""

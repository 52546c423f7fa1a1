"""A strict stand-in for Telegram's Bot API server; `python -m tests.fakes.telegram` runs it as a process of its own."""

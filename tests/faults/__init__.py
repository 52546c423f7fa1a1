"""Proof by breaking things: the real process, a stand-in for Telegram in a process of its own, and kill -9."""

"""Conversations: an event in, replies out. Every word a person reads is here."""

"""Sentences, cards and formats shared by several conversations."""

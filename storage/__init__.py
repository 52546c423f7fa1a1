"""Rows, queries, transactions and migrations: the only package that knows SQL."""

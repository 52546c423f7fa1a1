"""The ward's rules as values: no clock, no network, no database, no words."""

"""Stand-ins for the platforms, as strict as the platforms are."""

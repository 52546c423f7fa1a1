"""Everything served over HTTP: the chat page, its API, the demonstration and the health check."""

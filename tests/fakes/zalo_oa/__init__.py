"""A strict stand-in for a Zalo Official Account: OAuth, OpenAPI v3, the webhook, and people who write."""

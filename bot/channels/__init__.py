"""One module per platform: its raw updates in, our replies out."""

"""The processes that are measured: ours, and the same three steps built the way others build them."""

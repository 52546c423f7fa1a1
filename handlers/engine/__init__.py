"""The conversation engine: pure, JSON in and JSON out, knows nothing of wards."""

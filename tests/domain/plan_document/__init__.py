"""The reading of administrative documents, rule by rule and plan by plan."""

"""One file per thing a person can get done in the ward."""

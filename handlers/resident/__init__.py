"""What a resident can say to the ward and what the ward says back."""

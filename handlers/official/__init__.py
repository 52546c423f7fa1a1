"""What an official can do by command, by button or by replying to a card."""

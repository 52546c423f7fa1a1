"""What every measurement stands on: the machine, databases as installed, and the world outside the bot."""

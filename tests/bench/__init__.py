"""The measurements: that each can be asked what `make bench` asks of it."""

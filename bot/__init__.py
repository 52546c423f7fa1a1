"""The outside: processes, network, channels, workers, web pages and the command line."""

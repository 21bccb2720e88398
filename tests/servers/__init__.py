"""Real servers for tests, on loopback alone, each ended by its process id."""

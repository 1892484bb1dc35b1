"""How the platform talks: pure functions and values, no socket, no clock, no loop."""

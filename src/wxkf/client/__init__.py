"""Who does the I/O: drivers for the flow, transports, and where the access token lives."""

"""The simulator over HTTP: one bare ASGI app for clients, the page and the control API."""

"""Serve a WSGI app, `module:name`, with the standard library: a thread for each request."""

import sys
from importlib import import_module
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(":")
    with make_server("127.0.0.1", 0, getattr(import_module(module), name), _Threaded) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()

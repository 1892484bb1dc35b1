"""Flask; the bot in `wxkf run hello:bot --role engine`: gunicorn -w 4 flask_app:app."""

import os

from flask import Flask, Response, request

from wxkf import SyncForward

app = Flask(__name__)
engine = SyncForward(os.environ.get("WXKF_ENGINE", "http://127.0.0.1:8001"))


@app.route("/callback", methods=["GET", "POST"])
def callback() -> Response:
    reply = engine.answer(request.method, request.query_string, request.get_data())
    return Response(reply.body, reply.status, reply.headers)

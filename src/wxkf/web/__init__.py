"""The callback address: one pure function, and around it an app for each kind of server, or `answer` in your view.

A callback is a doorbell: it is verified, noted and answered at once, the work comes later and elsewhere. What to do
with a notice is handed in as a function, which must be quick: the platform waits 5 seconds, then rings again. Whatever
is wrong with a request, the answer is one sentence that tells nothing. Here nobody knows any web framework.

Every app here has `answer(verb, query, body, path)`, for frameworks that cannot mount it: `query` as it came, since
whatever decodes it spoils the `+` in `echostr`.
"""

from wxkf.web.asgi import CallbackApp, Message, Receive, Send, SharedCallbackApp, lifespan, respond
from wxkf.web.reply import Reply, answer

__all__ = ["CallbackApp", "Message", "Receive", "Reply", "Send", "SharedCallbackApp", "answer", "lifespan", "respond"]

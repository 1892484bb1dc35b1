"""Django; the bot in `wxkf run hello:bot --role engine`: gunicorn -w 4 django_sync:application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from wxkf import SyncForward

engine = SyncForward(os.environ.get("WXKF_ENGINE", "http://127.0.0.1:8001"))


@csrf_exempt  # the platform has no cookie; its signature is the proof
def callback(request: HttpRequest) -> HttpResponse:
    reply = engine.answer(request.META["REQUEST_METHOD"], request.META["QUERY_STRING"], request.body)
    return HttpResponse(reply.body, status=reply.status, headers=reply.headers)


urlpatterns = [path("callback", callback)]
settings.configure(  # in your project this stands in settings.py
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"]
)
application = get_wsgi_application()

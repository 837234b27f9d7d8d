"""WSGI entry point for the web server. Only here the database gives up a statement that takes too long."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
os.environ.setdefault("SERVES_WEB", "true")
application = get_wsgi_application()

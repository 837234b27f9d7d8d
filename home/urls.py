from django.urls import path

from home.views import brand, health, robots, search

app_name = "home"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("cari/", search.search, name="search"),
    path("merek.css", brand.brand_stylesheet, name="brand_css"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
]

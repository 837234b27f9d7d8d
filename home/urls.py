from django.urls import path, re_path

from home.views import brand, health, open_data, robots, search, styleguide

app_name = "home"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("data/", open_data.data, name="data"),
    re_path(r"^data/ikm\.(?P<kind>csv|json)$", open_data.indexes, name="data_indexes"),
    path("gaya/", styleguide.styleguide, name="styleguide"),
    path("cari/", search.search, name="search"),
    path("merek.css", brand.brand_stylesheet, name="brand_css"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
]

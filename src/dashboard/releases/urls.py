"""The addresses of this room."""

from django.urls import path

from dashboard.releases import pages

urlpatterns = [
    path("versoes/", pages.overview, name="versoes"),
    path("versoes/publicar/", pages.publish, name="versoes-publicar"),
    path("versoes/<int:release_id>/", pages.change, name="versoes-alterar"),
]

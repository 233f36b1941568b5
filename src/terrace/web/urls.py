"""Every address of the product."""

from django.urls import include, path

from terrace.web import views

urlpatterns = [
    path("", include("terrace.web.pages")),
    path("", include("terrace.forum.urls")),
    path("", include("terrace.members.urls")),
    path("", include("terrace.media.urls")),
    path("", include("terrace.search.urls")),
    path("", include("terrace.products.urls")),
    path("", include("terrace.memberships.urls")),
    path("", include("terrace.notifications.urls")),
    path("", include("terrace.moderation.urls")),
    path("accounts/", include("terrace.members.urls.accounts")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.failed

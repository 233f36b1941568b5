"""Products, teams and a member's own devices."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.kernel import tags
from terrace.kernel.request import Request
from terrace.products import actions, queries
from terrace.products.forms import DeviceForm, ListForm, attempt
from terrace.products.models import Device

View = Callable[..., HttpResponse]
page = require_http_methods(["GET", "HEAD", "POST"])


def mine(view: View) -> View:
    """Open a page to members only; a stranger signs in first and comes back."""

    @functools.wraps(view)
    def opened(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.member is None:
            back = request.get_full_path() if request.method == "GET" else reverse("products:device_list")
            return redirect_to_login(back)
        return view(request, *args, **kwargs)

    return never_cache(opened)


@require_safe
def product_list(request: Request) -> HttpResponse:
    """Show everything that the brand makes."""
    tags.tag(request, "products")
    return render(request, "products/product_list.html", {"products": queries.product_list()})


@require_safe
def product_open(request: Request, slug: str) -> HttpResponse:
    """Show a product: what members have of it, its changelog, its modules and who makes it."""
    product = queries.find_product(slug)
    cursor = request.GET.get("after", "")
    found = queries.changelog(product, cursor)
    shown = queries.product_page(product)
    here = shown.url
    tags.tag(request, f"product:{product.pk}", *([f"product:{product.runs_id}"] if product.runs_id else []))
    context = {
        "product": shown,
        "changes": found.rows,
        "pager": {"older_url": f"{here}?after={found.next}" if found.next else "", "newer_url": here if cursor else ""},
        "panels": [] if cursor else queries.panels(product, request.member),
        "list_url": f"{reverse('products:device_list')}?product={slug}",
        "listable": slug in dict(queries.listable()),
        "feed": {"url": reverse("products:product_feed", args=[slug]), "title": shown.name},
        "description": shown.line,
        "canonical": here,
    }
    return render(request, "products/product_open.html", context)


@require_safe
def product_feed(request: Request, slug: str) -> HttpResponse:
    """Answer the newest versions of a product as an Atom feed."""
    product = queries.find_product(slug)
    tags.tag(request, f"product:{product.pk}")
    language = get_language() or "zh"
    here = request.build_absolute_uri(reverse("products:product_open", args=[slug]))
    feed = Atom1Feed(
        title=product.named(language),
        link=here,
        description=product.lined(language),
        feed_url=request.build_absolute_uri(),
        language=language,
    )
    for version in queries.feed_versions(product):
        feed.add_item(
            title=f"{product.named(language)} {version.number} ({version.get_channel_display()})",
            link=f"{here}#{queries.anchor_of(version.number)}",
            description=version.note_html,
            pubdate=version.released_at,
            updateddate=version.released_at,
            unique_id=f"{here}#{version.pk}-{version.channel}",
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@require_safe
def team_open(request: Request, slug: str) -> HttpResponse:
    """Show a team: who they are, when they work, what is theirs."""
    team = queries.find_team(slug)
    tags.tag(request, f"team:{team.pk}")
    shown = queries.team_page(team, request.now)
    context = {"team": shown, "description": shown.line, "canonical": reverse("products:team_open", args=[slug])}
    return render(request, "products/team_open.html", context)


@mine
@page
def device_list(request: Request) -> HttpResponse:
    """Show a member's devices; list one more."""
    products = queries.listable()
    wanted = request.GET.get("product", "")
    form = ListForm(request.POST or None, products=products, initial={"product": wanted})
    status = 200
    if request.method == "POST":

        def add() -> Device:
            product = queries.find_product(form.cleaned_data["product"])
            return actions.add_device(request.member, product, nickname=form.cleaned_data["nickname"], now=request.now)

        made, status = attempt(form, add)
        if made is not None:
            messages.success(request, _("It is in your list. Say what it runs, if you know."))
            return HttpResponseRedirect(reverse("products:device_open", args=[made.pk]))
    context = {"devices": queries.device_rows(request.member.pk), "form": form, "most": Device.MOST, "any": products}
    return render(request, "products/device_list.html", context, status=status)


@mine
@page
def device_open(request: Request, device_id: int) -> HttpResponse:
    """Say what a device runs, what it is called and whether the profile shows it."""
    device = queries.find_device(request.member.pk, device_id)
    initial = {
        "version": str(device.version_id or ""),
        "build": device.build,
        "nickname": device.nickname,
        "since": device.since,
        "shown": device.shown,
    }
    form = DeviceForm(request.POST or None, versions=queries.version_choices(device), initial=initial)
    status = 200
    if request.method == "POST":

        def edit() -> None:
            actions.edit_device(device, member=request.member, now=request.now, **form.values())

        _none, status = attempt(form, edit)
        if status == 200:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("products:device_list"))
    context = {"device": device, "name": queries.name_of(device.product), "form": form}
    return render(request, "products/device_open.html", context, status=status)


@mine
@require_POST
def device_drop(request: Request, device_id: int) -> HttpResponse:
    """Take a device out of the list."""
    actions.drop_device(queries.find_device(request.member.pk, device_id), now=request.now)
    messages.success(request, _("It is out of your list."))
    return HttpResponseRedirect(reverse("products:device_list"))

"""Versions and builds at the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from terrace.kernel.request import Request
from terrace.products import actions, policies, queries
from terrace.products.console.parts import page, run_product
from terrace.products.forms import BuildForm, PlanForm, attempt
from terrace.products.models import Product, Version


@never_cache
@page
def console_version_new(request: Request, slug: str) -> HttpResponse:
    """Plan a version of a product."""
    product = run_product(request.member, slug)
    form = PlanForm(request.POST or None)
    status = 200
    if request.method == "POST":

        def plan() -> Version:
            return actions.plan_version(product, now=request.now, by=request.member, **form.cleaned_data)

        made, status = attempt(form, plan)
        if made is not None:
            messages.success(request, _("Version %(number)s is planned.") % {"number": made.number})
            return _to(product, made)
    context = {"product": product, "name": queries.name_of(product), "form": form}
    return render(request, "products/console_version_new.html", context, status=status)


def _to(product: Product, version: Version) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("products:console_version", args=[product.slug, version.number]))


def _page(request: Request, product: Product, version: Version, status: int = 200, **forms: Any) -> HttpResponse:
    runs = policies.hand(request.member).runs_product(product)
    initial = {"number": version.number, "channel": version.channel, "note": version.note}
    context = {
        "product": product,
        "name": queries.name_of(product),
        "version": version,
        "runs": runs,
        "next": queries.next_channel(version),
        "builds": queries.builds_of(version),
        "form": PlanForm(initial=initial, auto_id="version_%s"),
        "build_form": BuildForm(initial={"channel": version.channel}, auto_id="build_%s"),
        **forms,
    }
    return render(request, "products/console_version.html", context, status=status)


@never_cache
@page
def console_version(request: Request, slug: str, number: str) -> HttpResponse:
    """Show a version with its builds; change its number and note."""
    by = policies.check_desk(request.member)
    product = queries.find_product(slug)
    policies.check_see_product(by, product)
    version = queries.find_version(product, number)
    if request.method != "POST":
        return _page(request, product, version)
    policies.check_run_product(by, product)
    form = PlanForm(request.POST, auto_id="version_%s")

    def edit() -> None:
        actions.edit_version(version, by=request.member, now=request.now, **form.cleaned_data)

    _none, status = attempt(form, edit)
    if status != 200:
        return _page(request, product, version, status, form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("products:console_product", args=[slug]))


@never_cache
@require_POST
def console_version_release(request: Request, slug: str, number: str) -> HttpResponse:
    """Let members have a planned version."""
    product = run_product(request.member, slug)
    version = queries.find_version(product, number)
    if actions.release_version(version, now=request.now, by=request.member):
        messages.success(request, _("Version %(number)s is out.") % {"number": number})
    return _to(product, version)


@never_cache
@require_POST
def console_version_raise(request: Request, slug: str, number: str) -> HttpResponse:
    """Let a version go up a channel."""
    product = run_product(request.member, slug)
    version = queries.find_version(product, number)
    if actions.raise_version(version, request.POST.get("channel", ""), now=request.now, by=request.member):
        messages.success(request, _("Version %(number)s went up.") % {"number": number})
    return _to(product, version)


@never_cache
@require_POST
def console_build_new(request: Request, slug: str, number: str) -> HttpResponse:
    """Add a build to a version."""
    product = run_product(request.member, slug)
    version = queries.find_version(product, number)
    form = BuildForm(request.POST, auto_id="build_%s")

    def add() -> Any:
        return actions.add_build(version, now=request.now, by=request.member, **form.cleaned_data)

    made, status = attempt(form, add)
    if made is None:
        return _page(request, product, version, status, build_form=form)
    messages.success(request, _("The build is there."))
    return _to(product, version)

"""Products and their modules at the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from terrace.kernel.errors import Invalid
from terrace.kernel.request import Request
from terrace.products import actions, policies, queries
from terrace.products.console.parts import page, run_product
from terrace.products.forms import PICTURE, EditModuleForm, EntryForm, ModuleForm, PictureForm, ProductForm, attempt
from terrace.products.models import Product
from terrace.products.policies import Hand


def _form(data: Any = None, product: Product | None = None) -> ProductForm:
    initial: dict[str, Any] = {}
    if product is not None:
        initial = EntryForm.typed(product)
        for name in ("icon", "position"):
            initial[name] = getattr(product, name)
        initial |= {"team": str(product.team_id or ""), "runs": str(product.runs_id or "")}
    choices = {"teams": queries.team_choices(), "products": queries.product_choices()}
    form = ProductForm(data, initial=initial, auto_id="entry_%s", **choices)
    if product is not None:
        del form.fields["slug"]  # its address is written elsewhere by now
    return form


@never_cache
@page
def console_products(request: Request) -> HttpResponse:
    """List the products that one has to do with; operators add one."""
    by = policies.check_desk(request.member)
    form, status = None, 200
    if by.keeps:
        form = _form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        policies.check_keep(by)
        added: Any = form

        def make() -> Product:
            slug = added.cleaned_data["slug"]
            return actions.make_product(now=request.now, by=request.member, slug=slug, **added.values())

        made, status = attempt(added, make)
        if made is not None:
            messages.success(request, _("The product is there. Plan its first version."))
            return _to(made.slug)
    context = {"rows": queries.desk_products(by), "form": form}
    return render(request, "products/console_products.html", context, status=status)


def _to(slug: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("products:console_product", args=[slug]))


def _page(request: Request, product: Product, by: Hand, status: int = 200, **forms: Any) -> HttpResponse:
    runs = by.runs_product(product)
    context = {
        "product": product,
        "name": queries.name_of(product),
        "runs": runs,
        "keeps": by.keeps,
        "versions": queries.desk_versions(product),
        "modules": queries.desk_modules(product, by),
        "module_form": ModuleForm(auto_id="module_%s", teams=queries.team_choices()) if runs else None,
        "form": _form(None, product) if by.keeps else None,
        "picture_form": PictureForm(auto_id="picture_%s") if by.keeps else None,
        **forms,
    }
    return render(request, "products/console_product.html", context, status=status)


@never_cache
@page
def console_product(request: Request, slug: str) -> HttpResponse:
    """Show the versions and modules of a product."""
    by = policies.check_desk(request.member)
    product = queries.find_product(slug)
    policies.check_see_product(by, product)
    return _page(request, product, by)


@never_cache
@require_POST
def console_product_edit(request: Request, slug: str) -> HttpResponse:
    """Change the entry of a product."""
    by = policies.check_desk(request.member)
    policies.check_keep(by)
    product = queries.find_product(slug)
    form = _form(request.POST, product)

    def edit() -> None:
        actions.edit_product(product, now=request.now, by=request.member, **form.values())

    _none, status = attempt(form, edit)
    if status != 200:
        return _page(request, product, by, status, form=form)
    messages.success(request, _("Saved."))
    return _to(slug)


@never_cache
@require_POST
def console_product_picture(request: Request, slug: str) -> HttpResponse:
    """Show a picture of a product, or none."""
    by = policies.check_desk(request.member)
    policies.check_keep(by)
    product = queries.find_product(slug)
    form = PictureForm(request.POST, request.FILES, auto_id="picture_%s")

    def keep() -> None:
        data, name = None, ""
        if not request.POST.get("remove"):
            picture = form.cleaned_data["picture"]
            if picture is None:
                raise Invalid(_("Choose a picture first."), field="picture")
            data, name = picture.read(PICTURE + 1), picture.name or ""
        actions.set_picture(product, data, name=name, by=request.member, now=request.now)

    _none, status = attempt(form, keep)
    if status != 200:
        return _page(request, product, by, status, picture_form=form)
    messages.success(request, _("Saved."))
    return _to(slug)


@never_cache
@require_POST
def console_product_retire(request: Request, slug: str) -> HttpResponse:
    """Take a product out of the list, or bring it back."""
    policies.check_keep(policies.check_desk(request.member))
    product = queries.find_product(slug)
    actions.retire_product(product, retired=request.POST.get("on") == "1", by=request.member, now=request.now)
    messages.success(request, _("Saved."))
    return _to(slug)


@never_cache
@require_POST
def console_module_new(request: Request, slug: str) -> HttpResponse:
    """Add a module to a product."""
    product = run_product(request.member, slug)
    form = ModuleForm(request.POST, auto_id="module_%s", teams=queries.team_choices())

    def add() -> Any:
        return actions.add_module(product, now=request.now, by=request.member, **form.values())

    made, status = attempt(form, add)
    if made is None:
        return _page(request, product, policies.hand(request.member), status, module_form=form)
    messages.success(request, _("The module is there."))
    return _to(slug)


@never_cache
@page
def console_module(request: Request, slug: str, number: int) -> HttpResponse:
    """Change a module."""
    by = policies.check_desk(request.member)
    product = queries.find_product(slug)
    policies.check_see_product(by, product)
    module = queries.find_module(product, number)
    policies.check_change_module(by, module, product)
    initial = EntryForm.typed(module) | {"team": str(module.team_id or ""), "retired": module.retired_at is not None}
    form = EditModuleForm(request.POST or None, initial=initial, teams=queries.team_choices())
    status = 200
    if request.method == "POST":

        def edit() -> None:
            retired = form.cleaned_data["retired"]
            actions.edit_module(module, by=request.member, now=request.now, retired=retired, **form.values())

        _none, status = attempt(form, edit)
        if status == 200:
            messages.success(request, _("Saved."))
            return _to(slug)
    context = {"product": product, "name": queries.name_of(product), "module": module, "form": form}
    return render(request, "products/console_module.html", context, status=status)

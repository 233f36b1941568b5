"""Products and their modules."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terrace.kernel import events, locks, words
from terrace.kernel.errors import Invalid
from terrace.media import actions as media
from terrace.members.models import Member
from terrace.products import policies
from terrace.products.events import ModuleEdited, ModuleMade, ProductEdited, ProductMade
from terrace.products.models import Module, Product

NAMES = "products:slugs"


def _actor(by: Member | None) -> int | None:
    return by.pk if by is not None else None


def make_product(name: str, *, now: datetime, by: Member | None = None, slug: str = "", **others: Any) -> Product:
    """Add a product; its address is made from the name unless `slug` says it. `by` None is the set-up.

    Raises Invalid for a name that cannot be, or an address that is taken.
    """
    name = policies.clean_name(name)
    slug = slug or words.slug(name)[:60] or "product"
    with transaction.atomic():
        locks.hold(NAMES)
        if Product.objects.filter(slug=slug).exists():
            raise Invalid(_("Another product has the address “%(slug)s”.") % {"slug": slug}, field="slug")
        product = Product.objects.create(name=name, slug=slug, **others)
        events.record(ProductMade(product.pk, name), now=now, actor_id=_actor(by))
    return product


def edit_product(product: Product, *, now: datetime, by: Member | None = None, **changes: Any) -> None:
    """Change what a product is called, where it stands, what runs on it or who releases it.

    Raises Invalid for a name that cannot be, or a product that would run itself.
    """
    if "name" in changes:
        changes["name"] = policies.clean_name(changes["name"])
    if changes.get("runs_id") == product.pk:
        raise Invalid(_("A product does not run itself: leave it empty."), field="runs")
    with transaction.atomic():
        before = Product.objects.select_for_update().get(pk=product.pk)
        if any(getattr(before, name) != value for name, value in changes.items()):
            Product.objects.filter(pk=product.pk).update(**changes)
            events.record(ProductEdited(product.pk, "entry"), now=now, actor_id=_actor(by))


def set_picture(product: Product, data: bytes | None, *, name: str = "", by: Member, now: datetime) -> None:
    """Show a picture of a product, or none. Raises Invalid for what is no picture or too large, TooMany."""
    upload = None if data is None else media.keep_image(data, member_id=by.pk, name=name, now=now, again=True)
    fields: dict[str, Any] = {"picture_id": None, "picture_key": ""}
    if upload is not None:
        fields = {"picture_id": upload.pk, "picture_key": upload.key}
    with transaction.atomic():
        if Product.objects.select_for_update().get(pk=product.pk).picture_id == fields["picture_id"]:
            return
        place = f"product:{product.pk}"
        if upload is None:
            media.release(place=place)
        else:
            media.keep([upload.pk], place=place)
        Product.objects.filter(pk=product.pk).update(**fields)
        events.record(ProductEdited(product.pk, "picture"), now=now, actor_id=by.pk)


def retire_product(product: Product, *, retired: bool, by: Member, now: datetime) -> None:
    """Take a product out of the list, where its page stays, or bring it back."""
    with transaction.atomic():
        rows = Product.objects.filter(pk=product.pk, retired_at__isnull=retired)
        if rows.update(retired_at=now if retired else None):
            what = "retired" if retired else "back"
            events.record(ProductEdited(product.pk, what), now=now, actor_id=by.pk)


def add_module(
    product: Product,
    name: str,
    *,
    now: datetime,
    by: Member | None = None,
    team_id: int | None = None,
    translations: dict[str, Any] | None = None,
) -> Module:
    """Add a module to a product. Raises Invalid for a name that cannot be, or is taken there."""
    name = policies.clean_name(name)
    with transaction.atomic():
        locks.hold(f"products:{product.pk}")
        _check_module_free(product.pk, name)
        module = Module.objects.create(product=product, name=name, team_id=team_id, translations=translations or {})
        events.record(ModuleMade(product.pk, module.pk, name), now=now, actor_id=_actor(by))
    return module


def edit_module(module: Module, *, by: Member, now: datetime, retired: bool = False, **changes: Any) -> None:
    """Call a module otherwise, give it to another team, retire it or bring it back. Raises Invalid as add_module does."""
    if "name" in changes:
        changes["name"] = policies.clean_name(changes["name"])
    with transaction.atomic():
        locks.hold(f"products:{module.product_id}")
        before = Module.objects.get(pk=module.pk)
        if changes.get("name", before.name) != before.name:
            _check_module_free(module.product_id, changes["name"])
        if retired != (before.retired_at is not None):
            changes["retired_at"] = now if retired else None
        if any(getattr(before, name) != value for name, value in changes.items()):
            Module.objects.filter(pk=module.pk).update(**changes)
            said = changes.get("name", before.name)
            events.record(ModuleEdited(module.product_id, module.pk, said), now=now, actor_id=by.pk)


def _check_module_free(product_id: int, name: str) -> None:
    if Module.objects.filter(product_id=product_id, name=name).exists():
        raise Invalid(_("The product has a module of this name already."), field="name")

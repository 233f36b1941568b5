"""The operator's words of search."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terrace.kernel import options
from terrace.kernel.request import Request
from terrace.search import actions, policies
from terrace.search.forms import WordsForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def console_words(request: Request) -> HttpResponse:
    """Show and change the product words."""
    policies.check_choose_words(request.member)
    listed = options.get(policies.WORDS)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"words": "\n".join(listed)})
    if form.is_bound and form.is_valid():
        actions.choose_words(form.cleaned_data["words"], by=request.member.pk, now=request.now)
        messages.success(request, _("Saved. It holds from the next search on."))
        return HttpResponseRedirect(reverse("search:console_words"))
    context = {"form": form, "count": len(listed)}
    return render(request, "search/console_words.html", context, status=422 if form.errors else 200)

"""The shape of what is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif"


class UploadForm(forms.Form):
    """One picture."""

    file = forms.FileField(
        label=_("Picture to send"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP, GIF, AVIF or HEIC, at most 20 MB. Place and camera data are removed."),
    )

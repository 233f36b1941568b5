"""The shape of what is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

PICTURES = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/heic,image/heif"
CLIPS = "video/mp4,video/quicktime,video/webm,audio/mp4,audio/x-m4a,audio/mpeg,audio/ogg,audio/wav,audio/webm"
ACCEPT = f"{PICTURES},.heic,.heif,.avif,{CLIPS}"


class UploadForm(forms.Form):
    """One file; a video may bring the picture that stands for it before it plays."""

    file = forms.FileField(
        label=_("File to send"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )
    poster = forms.FileField(required=False, allow_empty_file=True)
    again = forms.BooleanField(label=_("Send it even if it looks like one I sent before"), required=False)

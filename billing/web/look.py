"""The logo and colours of bills: a form, and beside it what they will look like."""

import base64
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from billing.documents.sample import SAMPLE, sample_chart, sample_pdf
from billing.documents.statement import Brand
from billing.documents.wording import day, dollars
from billing.look import MOST_BYTES, set_look
from billing.statements import brand_of
from core import clock
from core.errors import Refused
from core.ui.colours import channels, mix, readable
from core.web.requests import UtilityRequest
from core.web.views import checked, fresh_key, page, perform, shown

EDIT = "bills.look"


class ColourInput(forms.TextInput):
    """The browser's own chooser of colours."""

    input_type = "color"


class LookForm(forms.Form):
    """Colours, and a logo where it shall be another one."""

    colour = forms.CharField(
        label="Colour", max_length=7, widget=ColourInput, help_text="Headings, the amount due, the chart."
    )
    accent = forms.CharField(
        label="Present month", max_length=7, widget=ColourInput, help_text="Its bar in the usage chart."
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="PNG or JPEG. Only its picture is kept. Leave it empty to keep the logo there is.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    without_logo = forms.BooleanField(label="Print without a logo", required=False)


@page(EDIT)
def look(request: UtilityRequest) -> HttpResponseBase:
    """The form, and what bills look like with it."""
    brand = _brand(request)
    asked = _asked(request, brand)
    context = {
        "form": shown(request, lambda: LookForm(initial={"colour": asked.colour, "accent": asked.accent})),
        "picture": f"{reverse('billing:look_picture')}?{_query(asked)}",
        "sample": f"{reverse('billing:look_sample')}?{_query(asked)}",
        "has_logo": brand.logo is not None,
        "key": fresh_key(request),
    }
    return TemplateResponse(request, "bills/look.html", context)


@look.posted(EDIT)
def keep_look(request: UtilityRequest) -> HttpResponseBase:
    """Set it from now on."""
    given = checked(request, LookForm(request.POST, request.FILES)).cleaned_data
    file = given.pop("logo")
    if file is not None and file.size > MOST_BYTES:
        raise Refused(f"The file has {file.size:,} bytes.", "Bring a smaller picture.", field="logo")
    perform(request, set_look, **given, logo=file.read() if file is not None else None)
    messages.success(request, "Bills printed from now on look like this.")
    return redirect("billing:look")


@page(EDIT)
def picture(request: UtilityRequest) -> HttpResponseBase:
    """A small picture of a bill's head with the colours of the address."""
    return _answer(_miniature(_asked(request, _brand(request))).encode(), "image/svg+xml")


@page(EDIT)
def sample(request: UtilityRequest) -> HttpResponseBase:
    """A whole sample bill, as it would be printed."""
    return _answer(sample_pdf(_asked(request, _brand(request))), "application/pdf")


def _brand(request: UtilityRequest) -> Brand:
    return brand_of(request.utility, clock.today(request.utility.tz))


def _asked(request: UtilityRequest, brand: Brand) -> Brand:
    """The utility's own, with the colours that the address asks for where they are colours."""
    return replace(
        brand,
        colour=_colour(request.GET.get("colour", ""), brand.colour),
        accent=_colour(request.GET.get("accent", ""), brand.accent or brand.colour),
    )


def _colour(text: str, otherwise: str) -> str:
    try:
        channels(text)
    except ValueError:
        return otherwise
    return text.lower()


def _query(brand: Brand) -> str:
    return urlencode({"colour": brand.colour, "accent": brand.accent or brand.colour})


def _answer(content: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _miniature(brand: Brand) -> str:
    """The head of a bill, its amount due and its chart, drawn in the brand's colours."""
    ink, tint = readable(brand.colour), mix(brand.colour, "#ffffff", 0.09)
    logo = ""
    if brand.logo is not None:
        data = base64.b64encode(brand.logo).decode()
        logo = format_html(
            '<image x="24" y="22" width="52" height="52" href="data:image/png;base64,{}"/>', data
        )
    chart = sample_chart(brand, (260.0, 112.0))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 300" width="620" height="300"'
        ' font-family="Inter, system-ui, sans-serif">'
        '<rect width="620" height="300" fill="#ffffff"/>{logo}'
        '<text x="{x}" y="44" font-size="19" font-weight="700" fill="{ink}">{name}</text>'
        '<text x="{x}" y="62" font-size="10.5" fill="#5a646c">{address}</text>'
        '<text x="24" y="112" font-size="11.5" font-weight="600" fill="{ink}">Charges this period</text>'
        '<path d="M24 119H300" stroke="{ink}" stroke-width="1.2"/>{rows}'
        '<rect x="336" y="22" width="260" height="108" rx="7" fill="{tint}"/>'
        '<text x="352" y="46" font-size="11.5" fill="#1d2429">Amount due</text>'
        '<text x="352" y="82" font-size="32" font-weight="700" fill="{ink}">{due}</text>'
        '<text x="352" y="108" font-size="13" font-weight="600" fill="#1d2429">Due {on}</text>'
        '<text x="336" y="156" font-size="11.5" font-weight="600" fill="#1d2429">Water use</text>'
        '<g transform="translate(336 164)">{chart}</g></svg>',
        logo=logo,
        x=88 if brand.logo is not None else 24,
        ink=ink,
        tint=tint,
        name=brand.utility_name,
        address=", ".join(brand.address_lines),
        rows=_rows(),
        due=dollars(SAMPLE.total_due),
        on=day(SAMPLE.due_on),
        chart=mark_safe(chart),  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
    )


def _rows() -> str:
    drawn = [
        format_html(
            '<text x="24" y="{y}" font-size="11.5" fill="#1d2429">{name}</text>'
            '<text x="300" y="{y}" font-size="11.5" text-anchor="end" fill="#1d2429">{amount}</text>',
            y=140 + 21 * n,
            name=service.name,
            amount=dollars(service.amount),
        )
        for n, service in enumerate(SAMPLE.services)
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - each made by format_html

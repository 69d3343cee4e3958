"""What a table may begin with: the usual shapes of an ordinance, with figures still to be typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNIT_OF = {"water": "GAL", "irrigation": "GAL", "sewer": "GAL", "electric": "KWH", "gas": "CCF"}
CODE_OF = {
    "water": "WATER", "irrigation": "WATER", "sewer": "SEWER", "electric": "ELECTRIC", "gas": "GAS",
    "refuse": "TRASH", "drainage": "STORM", "light": "STREETLIGHT",
}  # fmt: skip
_SIZES = ("5/8", "3/4", "1", "1 1/2", "2")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A shape: its name, what it is for, the services it suits (none: all), and its charges."""

    code: str
    name: str
    about: str
    services: frozenset[str]
    rest: Mapping[str, Any]
    charges: tuple[Mapping[str, Any], ...]

    def content(self, name: str, service_type: str) -> dict[str, Any]:
        """The content of a table of that name and service."""
        code = CODE_OF.get(service_type, "OTHER")
        unit = UNIT_OF.get(service_type)
        metered = unit is not None and any(
            c["kind"] in ("blocks", "per_unit", "minimum") for c in self.charges
        )
        head: dict[str, Any] = {"name": name, "service_type": service_type}
        head |= {"unit": unit} if metered else {}
        charges = [{"revenue_code": code, **charge} for charge in self.charges]
        return {**head, **self.rest, "components": charges}


def _by_size(figure: str) -> dict[str, Any]:
    return {"by": "meter_size", "rows": dict.fromkeys(_SIZES, figure)}


_BLOCKS = [{"up_to": "3000", "price": "0.00"}, {"up_to": "10000", "price": "0.00"}, {"price": "0.00"}]
_SERVICE = {"id": "service", "kind": "fixed", "text": "Service charge"}
_USE = {"id": "usage", "kind": "blocks", "text": "Use", "per": "1000", "blocks": _BLOCKS}
_METERED = frozenset({"water", "irrigation", "gas", "electric"})
_WINTER: Mapping[str, Any] = {
    "use": {"from": "water", "cap": "winter_average"},
    "look_back": [
        {
            "name": "winter_water", "of": "water", "months": [12, 1, 2], "from": "04-01", "at_least": 1,
            "otherwise": "5000",
        }
    ],
    "derive": [{"name": "winter_average", "value": {"op": "average", "of": ["winter_water"]}}],
}  # fmt: skip

BEGINNINGS = (
    Beginning(
        "by_size", "A charge by meter size, and blocks", "The usual water rate: a fixed charge by the size of"
        " the meter, use in rising or falling blocks.", _METERED, {},
        ({**_SERVICE, "amount": _by_size("0.00")}, _USE),
    ),
    Beginning(
        "minimum", "A minimum that includes some use",
        "The minimum covers the first gallons; the rest is priced in blocks.", _METERED, {},
        (
            {
                "id": "minimum", "kind": "minimum", "text": "Minimum", "per": "1000",
                "amount": _by_size("0.00"), "includes": "2000", "blocks": [{"price": "0.00"}],
            },
        ),
    ),
    Beginning(
        "winter", "From water, at most the winter average", "Sewer by the water meter; in summer no more than"
        " the average of the winter months.", frozenset({"sewer"}), _WINTER,
        ({**_SERVICE, "amount": "0.00"}, {"id": "usage", "kind": "per_unit", "text": "Use", "per": "1000",
                                         "price": "0.00"}),
    ),
    Beginning(
        "from_water", "From water", "Sewer by what the water meter counts, all year.", frozenset({"sewer"}),
        {"use": {"from": "water"}},
        ({**_SERVICE, "amount": "0.00"}, {"id": "usage", "kind": "per_unit", "text": "Use", "per": "1000",
                                         "price": "0.00"}),
    ),
    Beginning(
        "of_water", "A per cent of the water bill", "No meter, no gallons: a share of what water comes to.",
        frozenset({"sewer"}), {},
        (
            {
                "id": "share", "kind": "percent", "text": "Share of water", "percent": "100",
                "of": ["water.all"],
            },
        ),
    ),
    Beginning(
        "carts", "By carts", "The first cart at one price, each additional one at another.",
        frozenset({"refuse"}), {},
        (
            {
                "id": "carts", "kind": "containers", "text": "Carts", "quantity": "carts", "unit": "carts",
                "first": "0.00", "additional": "0.00",
            },
        ),
    ),
    Beginning(
        "energy", "A customer charge, energy and a rider",
        "Electric or gas: a fixed charge, a price per unit, a rider that changes by month, and sales tax.",
        frozenset({"electric", "gas"}), {},
        (
            {**_SERVICE, "text": "Customer charge", "amount": "0.00", "taxable": True},
            {"id": "energy", "kind": "per_unit", "text": "Energy", "price": "0.0000", "taxable": True},
            {
                "id": "rider", "kind": "rider", "text": "Cost adjustment", "taxable": True,
                "price": {"dated": [{"from": "2026-01-01", "value": "0.0000"}]},
            },
            {
                "id": "tax", "kind": "tax", "text": "Sales tax", "tax_code": "SALES", "percent": "0",
                "revenue_code": "TAX",
            },
        ),
    ),
    Beginning(
        "area", "By area, in bands", "An amount for the band in which the paved area lies.",
        frozenset({"drainage"}), {},
        (
            {
                "id": "area", "kind": "bands", "text": "Drainage", "quantity": "square_feet",
                "unit": "square feet", "bands": [{"up_to": "2500", "amount": "0.00"}, {"amount": "0.00"}],
            },
        ),
    ),
    Beginning(
        "flat", "One amount", "The same amount on each bill, perhaps by class.", frozenset(), {},
        ({**_SERVICE, "amount": "0.00"},),
    ),
)  # fmt: skip
"""The shapes, the most usual of a service first."""


def beginnings_for(service_type: str) -> list[Beginning]:
    """Those that suit a service."""
    return [one for one in BEGINNINGS if not one.services or service_type in one.services]

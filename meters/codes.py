"""Codes that places, meters and containers carry."""

from core.codes import CodeKind

CODE_KINDS = (
    CodeKind("zone", "Zones", "Parts of the service area: pressure zones, districts."),
    CodeKind("meter_type", "Meter types", "Kinds of meters: displacement, turbine, compound, solid state."),
    CodeKind(
        "container", "Container types", "What is collected in a container.",
        (("garbage", "Garbage"), ("recycle", "Recycling"), ("yard", "Yard waste")),
    ),
)  # fmt: skip

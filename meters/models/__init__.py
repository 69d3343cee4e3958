"""What is in the ground and at the kerb: routes, locations, service points, meters, readings, work."""

from meters.models.ground import ConnectionFee, Installation, Meter, Reading, Register
from meters.models.looks import HeldReading, UseRange
from meters.models.places import Location, Route, ServicePoint, ServiceType
from meters.models.yard import Container, Placing, WorkOrder

__all__ = [
    "ConnectionFee",
    "Container",
    "HeldReading",
    "Installation",
    "Location",
    "Meter",
    "Placing",
    "Reading",
    "Register",
    "Route",
    "ServicePoint",
    "ServiceType",
    "UseRange",
    "WorkOrder",
]

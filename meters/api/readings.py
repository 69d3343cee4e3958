"""Endpoints of readings that are judged one by one, of corrections, and of walking orders."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Id, Quantity
from core.api.views import OperationView
from meters.api.serializers import ReadingSerializer
from meters.corrections import WHY_LENGTH, correct_reading
from meters.entry import MOST, TypedReading, enter_readings
from meters.models import Reading, Route
from meters.queries import readings
from meters.rounds import lines_of
from meters.walking import HIGHEST, Place, mark_of, move_locations, places_of, resequence, walk_of

TAKEN = [c for c in Reading.Source.choices if c[0] in ("A", "C", "R", "F")]


class Dialled(serializers.DecimalField):
    """What a dial shows, before the multiplier and without dead zeros."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=3, min_value=0, **options)


class TypedSerializer(serializers.Serializer[Any]):
    """A register's dial on a day, with the answers to what was asked about it."""

    register_id = Id()
    on = Day()
    dial = Dialled()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        choices=TAKEN, default="A"
    )
    rolled_over = serializers.BooleanField(
        allow_null=True,
        default=None,
        help_text="Answers “lower”: true, the dial passed zero; false, it is lower and is kept so.",
    )
    sure = serializers.ListField(
        child=serializers.CharField(max_length=40),
        default=list,
        max_length=10,
        help_text="Codes of remarks that somebody read and said yes to.",
    )
    seen = serializers.IntegerField(
        allow_null=True,
        default=None,
        min_value=0,
        help_text="The id of the last reading that was known (0: none); another one since is told.",
    )


class TypedReadingsSerializer(serializers.Serializer[Any]):
    """Readings, each of them taken, asked about or left out by itself."""

    readings = serializers.ListField(child=TypedSerializer(), min_length=1, max_length=MOST)


class RemarkSerializer(serializers.Serializer[Any]):
    """Something to know about a reading; ``level`` is ``wrong``, ``ask`` or ``tell``."""

    code = serializers.CharField()
    level = serializers.CharField()
    problem = serializers.CharField()
    remedy = serializers.CharField()


class LastSerializer(serializers.Serializer[Any]):
    """The reading before."""

    id = serializers.IntegerField()
    on = serializers.DateField()
    dial = serializers.CharField()


class JudgedSerializer(serializers.Serializer[Any]):
    """What became of a reading: ``taken``, ``there``, ``asks``, ``changed`` or ``wrong``."""

    register_id = serializers.IntegerField()
    on = serializers.DateField()
    dial = serializers.CharField()
    state = serializers.CharField()
    reading_id = serializers.IntegerField(allow_null=True)
    use = serializers.CharField(allow_null=True)
    usual = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    rolled_over = serializers.BooleanField()
    last = LastSerializer(allow_null=True)
    remarks = RemarkSerializer(many=True)


class JudgedReadingsSerializer(serializers.Serializer[Any]):
    """The answers, in the order in which the readings were sent."""

    readings = JudgedSerializer(many=True)


class EnterView(OperationView):
    """Readings, judged."""

    permissions = {"POST": "readings.enter"}
    needs_key = True
    serializer_class = JudgedReadingsSerializer

    @extend_schema(request=TypedReadingsSerializer, responses={201: JudgedReadingsSerializer})
    def post(self, request: Any) -> Response:
        """Take the readings that are right, and say of each other one what is asked or wrong."""
        given = self.given(TypedReadingsSerializer)
        rows = [TypedReading(**{**row, "sure": tuple(row["sure"])}) for row in given["readings"]]
        today = clock.today(request.utility.tz)
        return self.perform(enter_readings, lambda found: {"readings": found}, rows=rows, today=today)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What the register really showed; day and source stay as they were when not sent."""

    dial = Dialled()
    on = Day(required=False)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        choices=Reading.Source.choices, required=False
    )
    rolled_over = serializers.BooleanField(allow_null=True, default=None)
    why = serializers.CharField(max_length=WHY_LENGTH)


class CorrectView(OperationView):
    """The correction of a reading."""

    permissions = {"POST": "readings.correct"}
    needs_key = True
    serializer_class = ReadingSerializer

    @extend_schema(request=CorrectionSerializer, responses={201: ReadingSerializer})
    def post(self, request: Any, reading_id: int) -> Response:
        """Put another reading in the place of this one; it is refused while a bill stands that used it."""
        given = self.given(CorrectionSerializer)
        return self.perform(
            correct_reading,
            lambda new: self.get_serializer(readings().get(id=new)).data,
            reading_id=reading_id,
            today=clock.today(request.utility.tz),
            **given,
        )


class AskedDaySerializer(serializers.Serializer[Any]):
    """The day of the round; today without it."""

    on = Day(required=False)


class RoundLineSerializer(serializers.Serializer[Any]):
    """A register on its place of the route; ``expected`` are two dial readings."""

    sequence = serializers.IntegerField()
    location = serializers.CharField()
    address = serializers.CharField()
    service_point = serializers.CharField(source="point")
    meter = serializers.CharField()
    serial = serializers.CharField()
    register_id = serializers.IntegerField(source="register.id")
    register = serializers.CharField(source="register.code")
    unit = serializers.CharField(source="register.unit")
    seen = serializers.IntegerField()
    last_on = serializers.DateField(source="last.on", default=None, allow_null=True)
    last_dial = Quantity(source="last.dial", default=None)
    read = serializers.SerializerMethodField()
    usual = serializers.SerializerMethodField()

    def get_read(self, line: Any) -> bool:
        """Whether it was read on this round."""
        return line.now is not None

    def get_usual(self, line: Any) -> str | None:
        """The usual use of the same days, in the register's unit."""
        return None if line.usual is None else format(round(line.usual, 1), "f")


class RoundSerializer(serializers.Serializer[Any]):
    """A route on a day."""

    on = serializers.DateField()
    registers = serializers.IntegerField()
    read = serializers.IntegerField()
    lines = RoundLineSerializer(many=True)


class RoundView(OperationView):
    """A route in walking order, to be read."""

    permissions = {"GET": "readings.view"}
    serializer_class = RoundSerializer

    @extend_schema(parameters=[AskedDaySerializer])
    def get(self, request: Any, route_id: int) -> Response:
        """The registers at work on the route that day, what they showed last and what is still to read."""
        Route.objects.get(id=route_id)
        on = self.asked(AskedDaySerializer).get("on") or clock.today(request.utility.tz)
        lines = lines_of(route_id, on)
        read = sum(line.now is not None for line in lines)
        found = {"on": on, "registers": len(lines), "read": read, "lines": lines}
        return Response(self.get_serializer(found).data)


class PlaceSerializer(serializers.Serializer[Any]):
    """A location and its number on the route."""

    location_id = Id()
    sequence = serializers.IntegerField(min_value=0, max_value=HIGHEST)


class WalkSerializer(serializers.Serializer[Any]):
    """The walking order of a route; ``seen`` is its fingerprint, sent back with a new order."""

    seen = serializers.CharField()
    places = PlaceSerializer(many=True)


class NewWalkSerializer(serializers.Serializer[Any]):
    """Every location of the route with its new number."""

    seen = serializers.CharField(max_length=16)
    places = serializers.ListField(child=PlaceSerializer(), min_length=1, max_length=20_000)
    by_tens = serializers.BooleanField(
        default=False, help_text="Number them anew by tens, in the order of the numbers sent."
    )


class OrderView(OperationView):
    """The walking order of a route."""

    permissions = {"GET": "meters.view", "POST": "meters.edit"}
    serializer_class = WalkSerializer

    def get(self, request: Any, route_id: int) -> Response:
        """The locations of the route in the order in which they are walked."""
        Route.objects.get(id=route_id)
        return Response(self._walk(route_id))

    @extend_schema(request=NewWalkSerializer, responses={200: WalkSerializer})
    def post(self, request: Any, route_id: int) -> Response:
        """Put the locations in another order, all of them at once."""
        given = self.given(NewWalkSerializer)
        return self.perform(
            resequence,
            lambda changed: self._walk(route_id),
            status=200,
            route_id=route_id,
            places=[Place(**place) for place in given["places"]],
            seen=given["seen"],
            by_tens=given["by_tens"],
        )

    def _walk(self, route_id: int) -> Any:
        places = places_of(walk_of(route_id))
        return self.get_serializer({"seen": mark_of(places), "places": places}).data


class RouteMoveSerializer(serializers.Serializer[Any]):
    """Locations that go to the end of another route."""

    location_ids = serializers.ListField(child=Id(), min_length=1, max_length=5000)
    to_route = Id()


class MovedLocationsSerializer(serializers.Serializer[Any]):
    """How many locations moved."""

    moved = serializers.IntegerField()


class MoveView(OperationView):
    """Moving locations to another route."""

    permissions = {"POST": "meters.edit"}
    serializer_class = MovedLocationsSerializer

    @extend_schema(request=RouteMoveSerializer, responses={200: MovedLocationsSerializer})
    def post(self, request: Any, route_id: int) -> Response:
        """Take locations off the route and put them at the end of another, in their order."""
        given = self.given(RouteMoveSerializer)
        return self.perform(
            move_locations, lambda moved: {"moved": moved}, status=200, from_route=route_id, **given
        )

"""Endpoints of drawers: which there are, who has them open, moving cash, counting and closing."""

from decimal import Decimal
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from collections_app.drawers import Counted, close_drawer, move_cash, open_drawer
from collections_app.expected import expected_of
from collections_app.models import CashMovement, Drawer, DrawerClose, DrawerCount, DrawerSession, Tender
from collections_app.sessions import is_blind, with_sums
from core import clock
from core.api.fields import Day, Id, Money, Paid
from core.api.views import OperationView


class Count(serializers.DecimalField):
    """Dollars from zero up, as text with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, min_value=Decimal(0), **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """The amount; raises ``ValidationError`` for what is not text."""
        if not isinstance(data, str):
            raise serializers.ValidationError("Send the amount as text, such as “12.50”.", code="not_text")
        return super().to_internal_value(data)


class DrawerSerializer(serializers.ModelSerializer[Drawer]):
    """A drawer."""

    class Meta:
        model = Drawer
        fields = ("id", "code", "name")


class SessionSerializer(serializers.ModelSerializer[DrawerSession]):
    """An operator's time with a drawer; what was counted and over or short is null while it is open."""

    drawer = serializers.CharField(source="drawer.code", read_only=True)
    opening = Money()
    taken = Money(allow_null=True)
    counted = Money(allow_null=True)
    over_short = Money(allow_null=True)

    class Meta:
        model = DrawerSession
        fields = (
            "id",
            "drawer",
            "operator",
            "operator_name",
            "opening",
            "opened_at",
            "closed_at",
            "taken",
            "counted",
            "over_short",
        )


class CountedSerializer(serializers.Serializer[Any]):
    """One tender: what was expected and, after the close, counted."""

    kind = serializers.CharField()
    expected = Money()
    counted = Money(allow_null=True)


class SessionDetailSerializer(serializers.Serializer[Any]):
    """A session with its tenders; they are empty while who asks has to count blind."""

    session = SessionSerializer()
    tenders = CountedSerializer(many=True)


class NewSessionSerializer(serializers.Serializer[Any]):
    """A drawer to open, with its opening cash."""

    drawer_id = Id()
    opening = Count()
    on = Day()


class MoveSerializer(serializers.Serializer[Any]):
    """Cash added from the safe, or dropped to it."""

    kind = serializers.ChoiceField(choices=["added", "drop"])
    amount = Paid()
    why = serializers.CharField(max_length=200, allow_blank=True, default="")
    on = Day()


class NewCountSerializer(serializers.Serializer[Any]):
    """What was counted of one tender."""

    kind = serializers.ChoiceField(choices=Tender.Kind.choices)
    amount = Count()


class CloseSerializer(serializers.Serializer[Any]):
    """The count that closes a session."""

    counted = serializers.ListField(child=NewCountSerializer(), min_length=1, max_length=10)
    remark = serializers.CharField(max_length=200, allow_blank=True, default="")
    on = Day()


class SessionFilter(django_filters.FilterSet):
    """By drawer's code, operator, and whether it is open."""

    drawer = django_filters.CharFilter(label="Drawer", field_name="drawer__code")
    operator = django_filters.CharFilter(label="Operator")
    open = django_filters.BooleanFilter(label="Open", field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = DrawerSession
        fields: tuple[str, ...] = ()


class DrawersView(OperationView):
    """Drawers."""

    permissions = {"GET": "payments.view"}
    serializer_class = DrawerSerializer
    queryset = Drawer.objects.none()

    @extend_schema(responses=DrawerSerializer(many=True))
    def get(self, request: Any) -> Response:
        """The drawers by code."""
        return self.page_of(Drawer.objects.order_by("code"))


class OfSessions(OperationView):
    """What the endpoints of sessions share."""

    needs_key = True
    serializer_class: Any = SessionDetailSerializer
    queryset = DrawerSession.objects.none()

    def shown(self, session_id: int) -> Any:
        """A session with its tenders; raises ``DrawerSession.DoesNotExist``."""
        session = with_sums().get(id=session_id)
        close = DrawerClose.objects.filter(session=session).first()
        counts = dict(DrawerCount.objects.filter(close=close).values_list("kind", "counted")) if close else {}
        today = clock.today(self.request.utility.tz)  # type: ignore[attr-defined]  # set when dispatched
        hidden = close is None and session.operator == self.actor.ref and is_blind(self.actor, today)
        tenders = () if hidden else expected_of(session).tenders
        rows = [{"kind": t.kind, "expected": t.expected, "counted": counts.get(t.kind)} for t in tenders]
        return SessionDetailSerializer({"session": session, "tenders": rows}).data


class SessionsView(OfSessions):
    """Drawer sessions."""

    permissions = {"GET": "payments.view", "POST": "payments.post"}
    serializer_class = SessionSerializer
    filterset_class = SessionFilter

    @extend_schema(responses=SessionSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Sessions by drawer and operator, newest first."""
        return self.page_of(with_sums().order_by("-id"))

    @extend_schema(request=NewSessionSerializer, responses={201: SessionDetailSerializer})
    def post(self, request: Any) -> Response:
        """Open a drawer; its opening cash comes out of the safe."""
        return self.perform(open_drawer, self.shown, **self.given(NewSessionSerializer))


class SessionView(OfSessions):
    """One session."""

    permissions = {"GET": "payments.view"}

    @extend_schema(responses=SessionDetailSerializer)
    def get(self, request: Any, session_id: int) -> Response:
        """A session with what should be in it, tender by tender, and what was counted."""
        return Response(self.shown(session_id))


class MoveView(OfSessions):
    """Cash put into a drawer or taken out."""

    permissions = {"POST": "payments.post"}

    @extend_schema(request=MoveSerializer, responses={201: SessionDetailSerializer})
    def post(self, request: Any, session_id: int) -> Response:
        """Add a float from the safe, or drop cash to it."""
        given = self.given(MoveSerializer)
        return self.perform(move_cash, self._session_of, session_id=session_id, **given)

    def _session_of(self, movement_id: int) -> Any:
        return self.shown(CashMovement.objects.get(id=movement_id).session_id)


class CloseView(OfSessions):
    """Counting and closing."""

    permissions = {"POST": "payments.post"}

    @extend_schema(request=CloseSerializer, responses={201: SessionDetailSerializer})
    def post(self, request: Any, session_id: int) -> Response:
        """Count and close a session for good; what is over or short is posted."""
        given = self.given(CloseSerializer)
        given["counted"] = [Counted(c["kind"], c["amount"]) for c in given["counted"]]
        return self.perform(close_drawer, self._session_of, session_id=session_id, **given)

    def _session_of(self, close_id: int) -> Any:
        return self.shown(DrawerClose.objects.get(id=close_id).session_id)

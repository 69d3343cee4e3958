"""The counter on the home page: what was taken today."""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Sum

from collections_app.models import DrawerSession, Receipt, ReceiptVoid
from core.actors import Actor
from core.home import HomePart, Tile, Told
from core.money import ZERO


def _taken(actor: Actor, today: date, now: datetime) -> Told:
    voided = ReceiptVoid.objects.filter(receipt=OuterRef("pk"))
    found = Receipt.objects.filter(~Exists(voided), on=today).aggregate(n=Count("id"), x=Sum("total"))
    open_drawers = DrawerSession.objects.filter(closed_at=None).count()
    drawers = (
        f"{open_drawers} drawer{'' if open_drawers == 1 else 's'} open" if open_drawers else "no drawer open"
    )
    receipts = f"{found['n']} receipt{'' if found['n'] == 1 else 's'}, {drawers}"
    return Told(
        tiles=[
            Tile(
                "Taken today",
                amount=found["x"] or ZERO,
                note=receipts,
                url="/receipts/",
                icon="cash-register",
            )
        ]
    )


HOME = (HomePart("counter", 30, "payments.post", _taken),)

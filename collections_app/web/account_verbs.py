"""What the counter puts on the account page: paying, and its receipts among the documents."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from collections_app.models import Payment, ReceiptVoid
from core.ui.objects import Slot
from core.ui.parts import Verb
from customers.queries import AccountShown
from customers.web.documents import DOCUMENTS, Document


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """To the counter, with the account filled in."""
    return [Verb("Pay", f"/counter/?account={subject.number}", "cash", "p", main=True)]


def documents(request: HttpRequest, subject: AccountShown) -> list[Document]:
    """The receipts of what was paid on the account."""
    void = Exists(ReceiptVoid.objects.filter(receipt=OuterRef("receipt")))
    rows = Payment.objects.filter(account=subject.account).select_related("receipt").annotate(void=void)
    return [
        Document(
            one.receipt.on, "Receipt", str(one.receipt.number),
            reverse("collections:receipt", args=[one.receipt.number]),
            reverse("collections:receipt_pdf", args=[one.receipt.number, "letter"]),
            one.amount, "void" if one.void else "",
        )
        for one in rows
    ]  # fmt: skip


SLOTS = (
    Slot("account", "verb", "pay", 10, verbs, permission="payments.post"),
    Slot(DOCUMENTS, "tab", "receipts", 20, documents, permission="payments.view"),
)

"""What-ifs: posted bills under other rate tables, kept to be looked at, compared and printed."""

from django.db import models

from core.amounts import AmountField
from core.models import Job
from core.tenancy.fields import Ref, TenantModel
from rates.models import RateTable, RateVersion


class WhatIf(TenantModel):
    """A question and, once its job is done, what came out.

    ``figures`` are counted by the parts of the work (``billing.what_if.sums``) and are empty until all are
    done.  A retroactive one shows what putting ``version`` in force would mean for bills of its days;
    ``mark`` is the hash of the bills and the table that were looked at.
    """

    class Basis(models.TextChoices):
        """Which bills are worked out again."""

        LATEST = "latest", "The latest bills"
        RUN = "run", "The bills of one run"
        MONTH = "month", "All bills of a month"
        SINCE = "since", "Bills of the days of a version"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_text = models.CharField(max_length=160, help_text="the same in words, as of when it was asked")
    runs = models.JSONField(default=list, help_text="ids of the posted runs whose live bills are taken")
    bills = models.IntegerField(default=0, help_text="how many bills were asked about")
    version = Ref(RateVersion, null=True, help_text="the draft whose past days are asked about")
    mark = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    job = Ref(Job, null=True, lookup=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WhatIfTable(TenantModel):
    """A table of the question: ``content`` prices instead of what priced the bills of ``table``.

    With ``percent`` there is no content: every version that priced them has its prices changed by so much.
    ``version`` is the kept version that the content was taken from, none for one that was typed or uploaded.
    """

    id = models.BigAutoField(primary_key=True)
    what_if = Ref(WhatIf)
    table = Ref(RateTable, lookup=False)
    version = Ref(RateVersion, null=True, lookup=False)
    content = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "what_if", "table"], name="table_once_a_what_if"),
        ]


class WhatIfBill(TenantModel):
    """A posted bill under the tables of the question; ``new`` is empty when it cannot be priced.

    ``rate_code`` is the first rate of the account that a new table prices; ``use`` is in its unit.
    """

    id = models.BigAutoField(primary_key=True)
    what_if = Ref(WhatIf)
    bill = Ref("billing.Bill", lookup=False)
    category = models.CharField(max_length=20)
    rate_code = models.CharField(max_length=20)
    use = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    unit = models.CharField(max_length=8, blank=True)
    old = AmountField()
    new = AmountField(null=True)
    change = AmountField(null=True)
    touched = models.BooleanField(help_text="a new table prices one of its services")
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "what_if", "change"], name="what_if_by_change")]

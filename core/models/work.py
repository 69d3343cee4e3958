"""Work that outlives a request: what is due, running and done are rows."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel


class Due(models.Model):
    """What must be woken and when.  Global and bare: ids and a time, no content.

    Written in the transaction of the row it points to; without it a sweeper, which has no utility,
    would see nothing and say nothing.
    """

    id = models.BigAutoField(primary_key=True)
    tenant_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    ref = models.BigIntegerField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "kind", "ref"], name="due_once")]
        indexes = [models.Index(fields=["due_at"], name="due_by_time")]


class Job(TenantModel):
    """A piece of long work, cut into chunks."""

    class State(models.TextChoices):
        """Where a job stands."""

        READY = "ready", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.READY)
    actor = models.JSONField(default=dict)
    total = models.IntegerField(default=0, help_text="Things to do, counted by its own unit")
    noun = models.CharField(max_length=40, default="items")
    cancel_asked = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "state"], name="job_by_state")]

    def __str__(self) -> str:
        return self.title


class JobChunk(TenantModel):
    """A part of a job done in one transaction by whoever owns the lease and the fence."""

    id = models.BigAutoField(primary_key=True)
    job = Ref(Job)
    number = models.IntegerField()
    params = models.JSONField(default=dict)
    size = models.IntegerField(default=1)
    state = models.CharField(max_length=12, choices=Job.State.choices, default=Job.State.READY)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    result = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "job", "number"], name="chunk_number_once")]


class Schedule(TenantModel):
    """Work that comes again: ``rule`` says when in the utility's own wall time."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    rule = models.JSONField(help_text="days of week or month and a local time; see core.work.calendar")
    paused = models.BooleanField(default=False)
    next_due = models.DateTimeField(null=True)


class Occurrence(TenantModel):
    """One time that a schedule came due; ``due_at`` is UTC, ``fold`` tells 01:30 from 01:30."""

    id = models.BigAutoField(primary_key=True)
    schedule = Ref(Schedule)
    due_at = models.DateTimeField()
    wall_time = models.CharField(max_length=20)
    fold = models.SmallIntegerField(default=0)
    business_date = models.DateField()
    job = Ref(Job, null=True)
    state = models.CharField(max_length=12, default="started")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "schedule", "due_at"], name="occurrence_once"),
        ]


class OutboxEvent(TenantModel):
    """Something that happened, written with it; ``config.wiring`` says who answers."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    operation_id = models.UUIDField()
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    attempts = models.IntegerField(default=0)
    problem = models.TextField(blank=True)


class Processed(TenantModel):
    """A consumer has answered an event: it takes effect at most once."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=60)
    event = Ref(OutboxEvent)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "consumer", "event"], name="processed_once"),
        ]

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.ground import GROUND, GROUND_AWAY
from core.tenancy.guards import GlobalTable, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(GROUND, GROUND_AWAY),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("login", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=160)),
                ("params", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=12,
                    ),
                ),
                ("actor", models.JSONField(default=dict)),
                ("total", models.IntegerField(default=0, help_text="Things to do, counted by its own unit")),
                ("noun", models.CharField(default="items", max_length=40)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("payload", models.JSONField(default=dict)),
                ("operation_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("attempts", models.IntegerField(default=0)),
                ("problem", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Utility",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "zone",
                    models.CharField(
                        default="America/Chicago", help_text="IANA time zone of its days", max_length=40
                    ),
                ),
                ("is_training", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tenant_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("ref", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="due_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant_id", "kind", "ref"), name="due_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(help_text="of the plain content", max_length=64)),
                ("size", models.BigIntegerField(help_text="bytes of the plain content")),
                ("key_id", models.CharField(max_length=20)),
                ("purpose", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("ref", models.BigIntegerField()),
                ("token", models.CharField(db_collation="C", max_length=60)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                (
                    "rule",
                    models.JSONField(
                        help_text="days of week or month and a local time; see core.work.calendar"
                    ),
                ),
                ("paused", models.BooleanField(default=False)),
                ("next_due", models.DateTimeField(null=True)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("permissions", models.JSONField(default=list)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Processed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("consumer", models.CharField(max_length=60)),
                ("event", core.tenancy.fields.Ref(related_name="+", to="core.outboxevent")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="PolicyValue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("starts", models.DateField()),
                ("value", models.JSONField(help_text="null: unset again from this day", null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="PartnerKeyIndex",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the whole key, hexadecimal", max_length=64),
                ),
                ("revoked", models.BooleanField(default=False)),
                (
                    "utility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.utility"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("prefix", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("permissions", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddField(
            model_name="outboxevent",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("wall_time", models.CharField(max_length=20)),
                ("fold", models.SmallIntegerField(default=0)),
                ("business_date", models.DateField()),
                ("state", models.CharField(default="started", max_length=12)),
                ("job", core.tenancy.fields.Ref(null=True, related_name="+", to="core.job")),
                ("schedule", core.tenancy.fields.Ref(related_name="+", to="core.schedule")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role_code", models.CharField(max_length=40)),
                (
                    "account_of_their_own",
                    models.BigIntegerField(
                        help_text="An account linked to the operator: nobody works on it alone.", null=True
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="core.utility",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("to", models.CharField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("state", models.CharField(default="waiting", max_length=12)),
                ("attempts", models.IntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "message_id",
                    models.CharField(help_text="made before sending, so that a repeat shows", max_length=120),
                ),
                ("problem", models.TextField(blank=True)),
                (
                    "attachment",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.storedfile"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JobChunk",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.IntegerField()),
                ("params", models.JSONField(default=dict)),
                ("size", models.IntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ready",
                        max_length=12,
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=80)),
                ("lease_until", models.DateTimeField(null=True)),
                ("fence", models.BigIntegerField(default=0)),
                ("attempts", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                ("job", core.tenancy.fields.Ref(related_name="+", to="core.job")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddField(
            model_name="job",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=253, unique=True)),
                (
                    "utility",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="domains", to="core.utility"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("series", models.CharField(max_length=40)),
                ("next", models.BigIntegerField(default=1)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("operation_id", models.UUIDField(null=True)),
                ("table", models.CharField(max_length=63)),
                ("row_id", models.BigIntegerField()),
                ("before", models.JSONField()),
                ("after", models.JSONField(null=True)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(default="", max_length=64)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(help_text="operator:7, partner:3 or system", max_length=80)),
                ("actor_name", models.CharField(max_length=80)),
                ("operation", models.CharField(max_length=80)),
                (
                    "operation_id",
                    models.UUIDField(help_text="The outermost operation; journals carry the same"),
                ),
                ("what", models.JSONField(default=dict)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("caller", models.CharField(max_length=80)),
                ("operation", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=120)),
                ("request_hash", models.CharField(max_length=64)),
                ("result", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["tenant", "sha256"], name="file_by_hash"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(fields=["tenant", "token", "kind", "ref"], name="search_by_token"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(fields=["tenant", "kind", "ref", "token"], name="search_by_ref"),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="role_code_once"),
        ),
        migrations.AddConstraint(
            model_name="processed",
            constraint=models.UniqueConstraint(fields=("tenant", "consumer", "event"), name="processed_once"),
        ),
        migrations.AddIndex(
            model_name="policyvalue",
            index=models.Index(fields=["tenant", "code", "-starts", "-id"], name="policy_by_code"),
        ),
        migrations.AddConstraint(
            model_name="partnerkey",
            constraint=models.UniqueConstraint(fields=("tenant", "prefix"), name="partner_prefix_once"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(
                fields=("tenant", "schedule", "due_at"), name="occurrence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("operator", "utility"), name="one_membership_each"),
        ),
        migrations.AddConstraint(
            model_name="jobchunk",
            constraint=models.UniqueConstraint(fields=("tenant", "job", "number"), name="chunk_number_once"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["tenant", "state"], name="job_by_state"),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(fields=("tenant", "series"), name="series_once"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["tenant", "table", "row_id"], name="change_by_row"),
        ),
        migrations.AddConstraint(
            model_name="audithead",
            constraint=models.UniqueConstraint(fields=("tenant",), name="one_audit_head"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["tenant", "operation_id"], name="audit_by_operation"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="audit_number_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("tenant", "caller", "operation", "key"), name="answer_once"
            ),
        ),
        TenantTable("role", tracked=True),
        TenantTable("partnerkey", tracked=True),
        TenantTable("audithead"),
        TenantTable("auditentry", update=False),
        TenantTable("change", insert=False, update=False),
        TenantTable("answer", update=("result",)),
        TenantTable("job"),
        TenantTable("jobchunk", delete=True),
        TenantTable("schedule", tracked=True),
        TenantTable("occurrence"),
        TenantTable("outboxevent"),
        TenantTable("processed", update=False),
        TenantTable("storedfile", update=("key_id",)),
        TenantTable("mail"),
        TenantTable("policyvalue", update=False),
        TenantTable("counter"),
        TenantTable("searchkey", delete=True),
        GlobalTable("utility"),
        GlobalTable("domain"),
        GlobalTable("operator"),
        GlobalTable("membership"),
        GlobalTable("partnerkeyindex"),
        GlobalTable("due", delete=True),
    ]

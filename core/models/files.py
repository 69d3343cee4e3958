"""Files kept in the vault and mails waiting to leave."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel


class StoredFile(TenantModel):
    """A file received or made, kept encrypted under the hash of its content."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, help_text="of the plain content")
    size = models.BigIntegerField(help_text="bytes of the plain content")
    key_id = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["tenant", "sha256"], name="file_by_hash")]

    def __str__(self) -> str:
        return self.name


class Mail(TenantModel):
    """A mail that waits to leave or has left; written with what it tells of."""

    id = models.BigAutoField(primary_key=True)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachment = Ref(StoredFile, null=True, lookup=False)
    state = models.CharField(max_length=12, default="waiting")
    attempts = models.IntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, help_text="made before sending, so that a repeat shows")
    problem = models.TextField(blank=True)

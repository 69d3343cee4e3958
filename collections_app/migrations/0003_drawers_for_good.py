from django.db import migrations, models

# A closed drawer never changes, and what a receipt was tendered is said once, whole.  The functions are the
# owner's, so that clearing the utility before COMMIT hides nothing from them; the lock on the session keeps
# it open until the receipt is committed.
GUARDS = r"""
CREATE FUNCTION core.drawer_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE shut timestamptz;
BEGIN
    SELECT s.closed_at INTO shut FROM collections_app_drawersession s
    WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.session_id FOR SHARE;
    IF shut IS NOT NULL THEN
        RAISE EXCEPTION 'drawer session % is closed', NEW.session_id
            USING ERRCODE = 'check_violation', HINT = 'Open a drawer first.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawer_is_open BEFORE INSERT ON collections_app_receipt
    FOR EACH ROW WHEN (NEW.session_id IS NOT NULL) EXECUTE FUNCTION core.drawer_is_open();
CREATE TRIGGER drawer_is_open BEFORE INSERT ON collections_app_cashmovement
    FOR EACH ROW EXECUTE FUNCTION core.drawer_is_open();
CREATE TRIGGER drawer_is_open BEFORE INSERT ON collections_app_drawerclose
    FOR EACH ROW EXECUTE FUNCTION core.drawer_is_open();

CREATE FUNCTION core.drawer_closes_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'drawer session % is closed for good', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM collections_app_drawerclose c WHERE c.tenant_id = OLD.tenant_id AND c.session_id = OLD.id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'drawer session % was not counted', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawer_closes_once BEFORE UPDATE ON collections_app_drawersession
    FOR EACH ROW EXECUTE FUNCTION core.drawer_closes_once();

CREATE FUNCTION core.tenders_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE bad bigint;
BEGIN
    SELECT r.number INTO bad
    FROM (SELECT DISTINCT tenant_id, receipt_id FROM added) a
    JOIN collections_app_receipt r ON r.tenant_id = a.tenant_id AND r.id = a.receipt_id
    WHERE r.tendered <> (SELECT sum(t.amount) FROM collections_app_tender t
                         WHERE t.tenant_id = a.tenant_id AND t.receipt_id = a.receipt_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the tenders of receipt % are not what was tendered', bad
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tenders_whole AFTER INSERT ON collections_app_tender
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION core.tenders_whole();

REVOKE EXECUTE ON FUNCTION core.drawer_is_open(), core.drawer_closes_once(), core.tenders_whole() FROM PUBLIC;
"""

UNGUARD = """
DROP TRIGGER tenders_whole ON collections_app_tender;
DROP TRIGGER drawer_closes_once ON collections_app_drawersession;
DROP TRIGGER drawer_is_open ON collections_app_drawerclose;
DROP TRIGGER drawer_is_open ON collections_app_cashmovement;
DROP TRIGGER drawer_is_open ON collections_app_receipt;
DROP FUNCTION core.drawer_is_open();
DROP FUNCTION core.drawer_closes_once();
DROP FUNCTION core.tenders_whole();
"""

# Whoever could see the ledger goes on seeing receipts, which have a right of their own now.
RIGHTS = """
UPDATE core_role SET permissions = permissions || '["payments.view"]'::jsonb
WHERE permissions ? 'ledger.view' AND NOT permissions ? 'payments.view';
UPDATE core_role SET permissions = permissions || '["payments.override_split"]'::jsonb
WHERE permissions ? 'payments.post' AND NOT permissions ? 'payments.override_split';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0002_town_month"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="cashmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening cash"),
                    ("added", "Float added"),
                    ("drop", "Drop to the safe"),
                    ("closing", "To the safe at the close"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="receiptvoid",
            name="on",
            field=models.DateField(help_text="the day it counts on", null=True),
        ),
        migrations.AddField(
            model_name="receiptvoid",
            name="paid_from",
            field=models.CharField(
                choices=[
                    ("drawer", "The drawer it was taken into"),
                    ("safe", "The safe, since its drawer was closed"),
                    ("bank", "The bank, since it came in elsewhere"),
                ],
                db_default="drawer",
                default="drawer",
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="drawersession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("tenant", "operator"),
                name="operator_opens_once",
            ),
        ),
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]

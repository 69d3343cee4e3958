"""What the database itself keeps of history: an item that opens again is back among the current ones."""

HISTORY = r"""
CREATE FUNCTION ledger.back_from_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    NEW.to_history := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER back_from_history BEFORE UPDATE OF open ON ledger_openitem
    FOR EACH ROW WHEN (NEW.open > 0 AND NEW.to_history IS NOT NULL)
    EXECUTE FUNCTION ledger.back_from_history();
CREATE TRIGGER back_from_history BEFORE UPDATE OF open ON ledger_creditleft
    FOR EACH ROW WHEN (NEW.open > 0 AND NEW.to_history IS NOT NULL)
    EXECUTE FUNCTION ledger.back_from_history();
REVOKE EXECUTE ON FUNCTION ledger.back_from_history() FROM PUBLIC;
GRANT UPDATE (to_history) ON ledger_creditleft TO curbstop_app;
UPDATE core_role SET permissions = permissions || '["ledger.history.move"]'::jsonb
WHERE permissions ? 'ledger.adjust.approve' AND NOT permissions ? 'ledger.history.move';
"""

"""What the database itself refuses of refunds: one that was decided stays as it is, but for its cheque."""

REFUND_DECIDED_ONCE = r"""
CREATE FUNCTION ledger.refund_decided_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'waiting' THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'approved' AND NEW.state IN ('approved', 'reversed')
       AND NEW.movement_id = OLD.movement_id AND NEW.checker = OLD.checker
       AND NEW.checked_at = OLD.checked_at
       AND (OLD.cheque = '' OR (NEW.cheque, NEW.cheque_on) = (OLD.cheque, OLD.cheque_on)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'refund % was decided and never changes', OLD.id
        USING ERRCODE = 'check_violation', HINT = 'Take it back, and propose another one.';
END $$;
CREATE TRIGGER refund_decided_once BEFORE UPDATE ON ledger_depositrefund
    FOR EACH ROW EXECUTE FUNCTION ledger.refund_decided_once();
REVOKE EXECUTE ON FUNCTION ledger.refund_decided_once() FROM PUBLIC;
"""

# Who corrects accounts uses their deposits too, and who approves the one approves the other.
RIGHTS = """
UPDATE core_role SET permissions = permissions || '["ledger.deposit.use"]'::jsonb
WHERE permissions ? 'ledger.adjust' AND NOT permissions ? 'ledger.deposit.use';
UPDATE core_role SET permissions = permissions || '["ledger.deposit.approve"]'::jsonb
WHERE permissions ? 'ledger.adjust.approve' AND NOT permissions ? 'ledger.deposit.approve';
"""

"""What the database itself refuses of the write-off file: one that was decided stays as it is."""

WRITE_OFF_DECIDED_ONCE = r"""
CREATE FUNCTION ledger.write_off_decided_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'waiting' OR (OLD.state = 'posted' AND NEW.state = 'reversed'
                                 AND NEW.journal_id = OLD.journal_id AND NEW.posted_on = OLD.posted_on
                                 AND NEW.checker = OLD.checker) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'write-off % was decided and never changes', OLD.id
        USING ERRCODE = 'check_violation', HINT = 'Take it back, and propose another one.';
END $$;
CREATE TRIGGER write_off_decided_once BEFORE UPDATE ON ledger_writeoff
    FOR EACH ROW EXECUTE FUNCTION ledger.write_off_decided_once();
REVOKE EXECUTE ON FUNCTION ledger.write_off_decided_once() FROM PUBLIC;
"""

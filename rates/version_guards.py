"""What the database itself refuses of rate versions: what priced bills stays as it was written."""

VERSION_STANDS = r"""
CREATE FUNCTION core.rate_version_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF NEW.content IS DISTINCT FROM OLD.content OR NEW.content_hash <> OLD.content_hash
       OR NEW.starts <> OLD.starts OR NEW.source <> OLD.source OR NEW.changed_by <> OLD.changed_by
       OR NEW.state = 'draft' OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn') THEN
        RAISE EXCEPTION 'rate version % is no draft and says for ever what it says', OLD.id
            USING ERRCODE = 'check_violation', HINT = 'Make a new version.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_stands BEFORE UPDATE ON rates_rateversion
    FOR EACH ROW EXECUTE FUNCTION core.rate_version_stands();
REVOKE EXECUTE ON FUNCTION core.rate_version_stands() FROM PUBLIC;
GRANT UPDATE (starts, content, content_hash, source, changed_by) ON rates_rateversion TO curbstop_app;
"""

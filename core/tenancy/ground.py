"""The database functions everything else stands on; run first in the first migration."""

GROUND = r"""
CREATE SCHEMA core;
GRANT USAGE ON SCHEMA core TO curbstop_app;

CREATE FUNCTION core.current_utility() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE setting text := current_setting('app.tenant_id', true);
BEGIN
    IF setting IS NULL OR setting = '' THEN
        RAISE EXCEPTION 'no utility is in scope' USING ERRCODE = 'insufficient_privilege',
            HINT = 'Enter the scope of a utility before the transaction begins.';
    END IF;
    RETURN setting::bigint;
END $$;

CREATE DOMAIN amount AS numeric
    CHECK (VALUE = round(VALUE, 2) AND VALUE > '-Infinity' AND VALUE < 'Infinity');

-- As the owner and on a fixed path: no temporary table called core_change can take the row instead.
CREATE FUNCTION core.track_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) = to_jsonb(NEW) THEN
        RETURN NULL;
    END IF;
    INSERT INTO core_change (tenant_id, operation_id, "table", row_id, before, after)
    VALUES (OLD.tenant_id, NULLIF(current_setting('app.operation_id', true), '')::uuid, TG_TABLE_NAME, OLD.id,
            to_jsonb(OLD) - COALESCE(TG_ARGV, '{}'),
            CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) - COALESCE(TG_ARGV, '{}') END);
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION core.track_change() FROM PUBLIC;
"""

GROUND_AWAY = """
DROP FUNCTION core.track_change();
DROP DOMAIN amount;
DROP FUNCTION core.current_utility();
DROP SCHEMA core;
"""

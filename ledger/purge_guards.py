"""The purge, done by the database itself: the site's login may neither remove a row nor call a function.

A row of ``ledger_purge`` is all that the site writes.  Proposing it, the database looks what may go.
Approving is two steps of one transaction: ``archiving`` marks the journals, so that the site can write
their rows to a file; ``done`` looks again, compares the file's rows with its own, removes them, brings
forward what they came to, and refuses when any balance is another than before.  Nobody posts meanwhile.

A journal may go when it and all that is tied to it (by applications, reversals, deposits, adjustments) is of
customers, in history, earlier than the day, in closed periods, with nothing open, left or held, comes to
nothing for each customer, and is referred to by nothing that the purge does not know.
"""

from ledger.purge_removal import FORWARD, HEAD, REMOVE, ROLES, TOTALS
from ledger.purge_sql import KNOWN, PURGED_ROWS

_KNOWN = ", ".join(f"'{name}'" for name in KNOWN)
_ROWS = PURGED_ROWS.format(tenant="$1", purge="$2")

# Which journals hang together: pg_temp.purge_node with the group's root, and what keeps each.
_TIED = rf"""
CREATE FUNCTION ledger.purge_tie(t bigint, until date) RETURNS void {HEAD} AS $$
DECLARE changed bigint; r record;
BEGIN
    DROP TABLE IF EXISTS pg_temp.purge_node, pg_temp.purge_edge;
    CREATE TEMP TABLE purge_node ON COMMIT DROP AS
    SELECT j.id, j.id AS root, false AS later, false AS open, false AS held, false AS current,
           EXISTS (SELECT FROM ledger_charge c WHERE c.tenant_id = t AND c.journal_id = j.id)
           OR EXISTS (SELECT FROM ledger_credit k WHERE k.tenant_id = t AND k.journal_id = j.id) AS customers,
           NOT EXISTS (SELECT FROM ledger_fiscalperiod f WHERE f.tenant_id = t AND j."on" >= f.starts
                       AND j."on" < f.ends AND f.closed_at IS NOT NULL) AS period
    FROM ledger_journal j WHERE j.tenant_id = t AND j."on" < until AND j.purge_id IS NULL;
    CREATE UNIQUE INDEX ON pg_temp.purge_node (id);
    ANALYZE pg_temp.purge_node;
    CREATE TEMP TABLE purge_edge ON COMMIT DROP AS
    WITH tied (a, b) AS (
        SELECT id, reverses_id FROM ledger_journal WHERE tenant_id = t AND reverses_id IS NOT NULL
        UNION SELECT c.journal_id, a.journal_id FROM ledger_application a
            JOIN ledger_charge c ON c.tenant_id = t AND c.id = a.charge_id WHERE a.tenant_id = t
        UNION SELECT k.journal_id, a.journal_id FROM ledger_application a
            JOIN ledger_credit k ON k.tenant_id = t AND k.id = a.credit_id WHERE a.tenant_id = t
        UNION SELECT d.journal_id, m.journal_id FROM ledger_depositmovement m
            JOIN ledger_deposit d ON d.tenant_id = t AND d.id = m.deposit_id WHERE m.tenant_id = t
        UNION SELECT c.journal_id, x.journal_id FROM ledger_adjustment x
            JOIN ledger_charge c ON c.tenant_id = t AND c.id = x.charge_id
            WHERE x.tenant_id = t AND x.journal_id IS NOT NULL
        UNION SELECT j.id, a.journal_id FROM ledger_journal j
            JOIN ledger_application a ON a.tenant_id = t
             AND a.id = substring(j.key FROM 'application ([0-9]{{1,18}})$')::bigint
            WHERE j.tenant_id = t AND j.why = 'laid back'
    )
    SELECT a, b FROM tied WHERE a <> b UNION SELECT b, a FROM tied WHERE a <> b;
    DELETE FROM pg_temp.purge_edge e WHERE NOT EXISTS (SELECT FROM pg_temp.purge_node n WHERE n.id = e.a);
    CREATE INDEX ON pg_temp.purge_edge (a);
    ANALYZE pg_temp.purge_edge;
    UPDATE pg_temp.purge_node n SET later = true FROM pg_temp.purge_edge e
    WHERE e.a = n.id AND NOT EXISTS (SELECT FROM pg_temp.purge_node o WHERE o.id = e.b);
    LOOP
        UPDATE pg_temp.purge_node n SET root = m.low FROM (
            SELECT e.a, min(o.root) AS low FROM pg_temp.purge_edge e JOIN pg_temp.purge_node o ON o.id = e.b
            GROUP BY e.a) m WHERE m.a = n.id AND m.low < n.root;
        GET DIAGNOSTICS changed = ROW_COUNT;
        EXIT WHEN changed = 0;
        UPDATE pg_temp.purge_node n SET root = o.root FROM pg_temp.purge_node o
        WHERE o.id = n.root AND o.root < n.root;
    END LOOP;
    UPDATE pg_temp.purge_node n SET open = true WHERE n.id IN (
        SELECT c.journal_id FROM ledger_openitem i
        JOIN ledger_charge c ON c.tenant_id = t AND c.id = i.charge_id WHERE i.tenant_id = t AND i.open > 0
        UNION SELECT k.journal_id FROM ledger_creditleft l JOIN ledger_credit k ON k.tenant_id = t
            AND k.id = l.credit_id WHERE l.tenant_id = t AND l.open > 0
        UNION SELECT d.journal_id FROM ledger_depositleft l JOIN ledger_deposit d ON d.tenant_id = t
            AND d.id = l.deposit_id WHERE l.tenant_id = t AND l.open > 0
        UNION SELECT c.journal_id FROM ledger_adjustment x JOIN ledger_charge c ON c.tenant_id = t
            AND c.id = x.charge_id WHERE x.tenant_id = t AND x.state = 'waiting'
        UNION SELECT o.journal_id FROM ledger_adjustment x JOIN ledger_adjustment o ON o.tenant_id = t
            AND o.id = x.reverses_id WHERE x.tenant_id = t AND x.state = 'waiting');
    UPDATE pg_temp.purge_node n SET current = true WHERE n.id IN (
        SELECT c.journal_id FROM ledger_openitem i
        JOIN ledger_charge c ON c.tenant_id = t AND c.id = i.charge_id
        WHERE i.tenant_id = t AND i.to_history IS NULL
        UNION SELECT k.journal_id FROM ledger_creditleft l JOIN ledger_credit k ON k.tenant_id = t
            AND k.id = l.credit_id WHERE l.tenant_id = t AND l.to_history IS NULL);
    FOR r IN
        SELECT c.conrelid::regclass::text AS refers, a.attname AS col, c.confrelid::regclass::text AS target
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid
             AND a.attnum = c.conkey[cardinality(c.conkey)]
        WHERE c.contype = 'f' AND c.confrelid IN ('ledger_journal'::regclass, 'ledger_charge'::regclass,
              'ledger_credit'::regclass, 'ledger_application'::regclass, 'ledger_openitem'::regclass,
              'ledger_creditleft'::regclass)
          AND c.conrelid::regclass::text || '.' || a.attname NOT IN ({_KNOWN})
    LOOP
        IF r.target IN ('ledger_openitem', 'ledger_creditleft') THEN
            RAISE EXCEPTION 'a purge does not know why %.% refers to %', r.refers, r.col, r.target;
        ELSIF r.target = 'ledger_journal' THEN
            EXECUTE format('UPDATE pg_temp.purge_node n SET held = true FROM %s x'
                           ' WHERE x.tenant_id = $1 AND x.%I = n.id', r.refers, r.col) USING t;
        ELSE
            EXECUTE format('UPDATE pg_temp.purge_node n SET held = true FROM %s x JOIN %s y'
                           ' ON y.tenant_id = $1 AND y.id = x.%I'
                           ' WHERE x.tenant_id = $1 AND y.journal_id = n.id',
                           r.refers, r.target, r.col) USING t;
        END IF;
    END LOOP;
END $$;
"""

# The groups that may go are pg_temp.purge_chosen; what is told of them and of the rest.
_LOOK = rf"""
CREATE FUNCTION ledger.purge_look(t bigint, until date) RETURNS jsonb {HEAD} AS $$
DECLARE told jsonb;
BEGIN
    PERFORM ledger.purge_tie(t, until);
    DROP TABLE IF EXISTS pg_temp.purge_group, pg_temp.purge_chosen;
    CREATE TEMP TABLE purge_group ON COMMIT DROP AS
    SELECT g.root, g.journals, CASE WHEN g.open THEN 'open' WHEN g.later THEN 'later'
           WHEN g.period THEN 'period' WHEN g.current THEN 'current' WHEN g.held THEN 'held'
           WHEN u.root IS NOT NULL THEN 'uneven'
           ELSE '' END AS why
    FROM (SELECT root, count(*) AS journals, bool_or(open) AS open, bool_or(later) AS later,
                 bool_or(period) AS period, bool_or(held) AS held, bool_or(current) AS current
          FROM pg_temp.purge_node GROUP BY root HAVING bool_or(customers)) g
    LEFT JOIN (SELECT DISTINCT root FROM (
            SELECT n.root FROM pg_temp.purge_node n
            JOIN ledger_posting p ON p.tenant_id = t AND p.journal_id = n.id
            JOIN ledger_chartaccount h ON h.tenant_id = t AND h.id = p.chart_account_id
            WHERE h.role IN {ROLES}
            GROUP BY n.root, p.account_id, h.id HAVING sum(p.debit) <> sum(p.credit)) x) u ON u.root = g.root;
    CREATE TEMP TABLE purge_chosen ON COMMIT DROP AS
    SELECT n.id FROM pg_temp.purge_node n JOIN pg_temp.purge_group g ON g.root = n.root WHERE g.why = '';
    CREATE UNIQUE INDEX ON pg_temp.purge_chosen (id);
    ANALYZE pg_temp.purge_chosen;
    SELECT jsonb_build_object(
        'groups', (SELECT count(*) FROM pg_temp.purge_group WHERE why = ''),
        'journals', count(*), 'total', round(coalesce(sum(j.total), 0), 2)::text,
        'first', min(j."on"), 'last', max(j."on"),
        'hash', encode(sha256(convert_to(
            coalesce(string_agg(j.id::text, ',' ORDER BY j.id), ''), 'UTF8')), 'hex'),
        'charges', (SELECT count(*) FROM ledger_charge c JOIN pg_temp.purge_chosen x ON x.id = c.journal_id
                    WHERE c.tenant_id = t),
        'credits', (SELECT count(*) FROM ledger_credit k JOIN pg_temp.purge_chosen x ON x.id = k.journal_id
                    WHERE k.tenant_id = t),
        'applications', (SELECT count(*) FROM ledger_application a JOIN pg_temp.purge_chosen x
                         ON x.id = a.journal_id WHERE a.tenant_id = t),
        'stays', (SELECT coalesce(jsonb_object_agg(why, jsonb_build_array(groups, journals)), '{{}}') FROM (
                  SELECT why, count(*) AS groups, sum(journals) AS journals FROM pg_temp.purge_group
                  WHERE why <> '' GROUP BY why) s))
    INTO told FROM ledger_journal j JOIN pg_temp.purge_chosen x ON x.id = j.id WHERE j.tenant_id = t;
    RETURN told || (
        SELECT jsonb_build_object(
            'lines', coalesce(sum(lines), 0), 'accounts', (
                SELECT count(DISTINCT p.account_id) FROM ledger_posting p
                JOIN pg_temp.purge_chosen x ON x.id = p.journal_id WHERE p.tenant_id = t),
            'chart', coalesce(jsonb_agg(
                jsonb_build_array(code, name, debit::text, credit::text) ORDER BY code), '[]'))
        FROM (SELECT h.code, h.name, count(*) AS lines, round(sum(p.debit), 2) AS debit,
                     round(sum(p.credit), 2) AS credit
              FROM ledger_posting p JOIN pg_temp.purge_chosen x ON x.id = p.journal_id
              JOIN ledger_chartaccount h ON h.tenant_id = t AND h.id = p.chart_account_id
              WHERE p.tenant_id = t GROUP BY h.code, h.name) c);
END $$;
"""

_STEPS = rf"""
CREATE FUNCTION ledger.purge_alone(t bigint, maker text, checker text) RETURNS void {HEAD} AS $$
BEGIN
    IF t <> core.current_utility() THEN
        RAISE EXCEPTION 'a purge is of the utility in scope' USING ERRCODE = 'check_violation';
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a purge is done in a READ COMMITTED transaction' USING ERRCODE = 'check_violation';
    END IF;
    IF checker = '' OR checker = maker AND NOT EXISTS (
        SELECT FROM core_policyvalue v WHERE v.tenant_id = t AND v.code = 'office.single_operator'
        AND v.value = 'true'::jsonb) THEN
        RAISE EXCEPTION 'a purge is approved by another person than who proposed it'
            USING ERRCODE = 'check_violation';
    END IF;
    -- As when a period is closed: nobody posts meanwhile.
    PERFORM pg_advisory_xact_lock(7101, t::int);
END $$;

CREATE FUNCTION ledger.purge_digest(t bigint, p bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(r.line, 'UTF8')), ''::bytea
                                             ORDER BY r.place, r.id, r.n), ''::bytea)), 'hex')
    FROM ({_ROWS}) r
$$;

CREATE FUNCTION ledger.purge_step() RETURNS trigger {HEAD} AS $$
DECLARE look jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.tenant_id <> core.current_utility() OR NEW.state <> 'waiting' THEN
            RAISE EXCEPTION 'a purge begins as a proposal in the utility in scope'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.seen := ledger.purge_look(NEW.tenant_id, NEW.before);
        NEW.archive_id := NULL; NEW.archive_sha256 := ''; NEW.rows_digest := '';
        NEW.totals_before := NULL; NEW.totals_after := NULL; NEW.done_at := NULL;
        RETURN NEW;
    END IF;
    IF OLD.state = 'waiting' AND NEW.state IN ('refused', 'withdrawn') THEN
        RETURN NEW;
    ELSIF OLD.state = 'waiting' AND NEW.state = 'archiving' THEN
        PERFORM ledger.purge_alone(NEW.tenant_id, OLD.maker, NEW.checker);
        look := ledger.purge_look(NEW.tenant_id, NEW.before);
        IF look ->> 'hash' <> OLD.seen ->> 'hash' OR (look ->> 'journals')::bigint = 0 THEN
            RAISE EXCEPTION 'what may go is not what was proposed' USING ERRCODE = 'check_violation',
                HINT = 'Withdraw the proposal and make it again.';
        END IF;
        UPDATE ledger_journal j SET purge_id = NEW.id FROM pg_temp.purge_chosen x
        WHERE j.tenant_id = NEW.tenant_id AND j.id = x.id;
        RETURN NEW;
    ELSIF OLD.state = 'archiving' AND NEW.state = 'done' AND NEW.checker = OLD.checker THEN
        PERFORM ledger.purge_alone(NEW.tenant_id, OLD.maker, NEW.checker);
        PERFORM 1 FROM ledger_journal j WHERE j.tenant_id = NEW.tenant_id AND j.purge_id = NEW.id
            AND j.why = 'brought forward';
        IF FOUND THEN
            RAISE EXCEPTION 'a purge alone brings forward' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM core_storedfile s WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.archive_id
            AND s.sha256 = NEW.archive_sha256 AND s.purpose = 'ledger.purge';
        IF NOT FOUND OR NEW.rows_digest <> ledger.purge_digest(NEW.tenant_id, NEW.id) THEN
            RAISE EXCEPTION 'the archive does not hold what is to be removed'
                USING ERRCODE = 'check_violation';
        END IF;
        UPDATE ledger_journal SET purge_id = NULL WHERE tenant_id = NEW.tenant_id AND purge_id = NEW.id;
        look := ledger.purge_look(NEW.tenant_id, NEW.before);
        IF look ->> 'hash' <> OLD.seen ->> 'hash' THEN
            RAISE EXCEPTION 'what may go was changed meanwhile' USING ERRCODE = 'check_violation';
        END IF;
        UPDATE ledger_journal j SET purge_id = NEW.id FROM pg_temp.purge_chosen x
        WHERE j.tenant_id = NEW.tenant_id AND j.id = x.id;
        NEW.totals_before := ledger.purge_totals(NEW.tenant_id, NEW.before);
        PERFORM ledger.purge_sums(NEW.tenant_id, NEW.id);
        PERFORM ledger.purge_remove(NEW.tenant_id, NEW.id);
        PERFORM ledger.purge_forward(NEW.tenant_id, NEW.id, NEW.checked_at);
        NEW.totals_after := ledger.purge_totals(NEW.tenant_id, NEW.before);
        IF NEW.totals_before <> NEW.totals_after THEN
            RAISE EXCEPTION 'the purge would change a balance' USING ERRCODE = 'check_violation',
                DETAIL = NEW.totals_before::text || ' before, ' || NEW.totals_after::text || ' after';
        END IF;
        NEW.done_at := NEW.checked_at;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'purge % is % and does not become %', OLD.id, OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER purge_step BEFORE INSERT OR UPDATE ON ledger_purge
    FOR EACH ROW EXECUTE FUNCTION ledger.purge_step();

CREATE FUNCTION ledger.purge_whole() RETURNS trigger {HEAD} AS $$
BEGIN
    PERFORM 1 FROM ledger_purge p
    WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.id AND p.state = 'archiving';
    IF FOUND THEN
        RAISE EXCEPTION 'purge % is half done', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER purge_whole AFTER UPDATE ON ledger_purge
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.purge_whole();
"""

# As in the first migration, but for what a purge at work brings forward.
_PERIOD = rf"""
CREATE OR REPLACE FUNCTION ledger.check_period() RETURNS trigger {HEAD} AS $$
DECLARE bad record;
BEGIN
    -- An older snapshot would not see that the period was closed meanwhile.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'journals are posted in a READ COMMITTED transaction'
            USING ERRCODE = 'check_violation', HINT = 'Begin without another isolation level.';
    END IF;
    -- Shared with every posting, exclusive with closing: no journal slips into a period being closed.
    PERFORM pg_advisory_xact_lock_shared(7101, t::int) FROM (SELECT DISTINCT tenant_id AS t FROM added) x;
    SELECT a.key INTO bad FROM added a WHERE a.purge_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM ledger_purge p WHERE p.tenant_id = a.tenant_id AND p.id = a.purge_id
        AND p.state = 'archiving' AND a.why = 'brought forward') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % is of no purge at work', bad.key USING ERRCODE = 'check_violation';
    END IF;
    SELECT a.key, a."on" INTO bad FROM added a
    JOIN ledger_fiscalperiod f ON f.tenant_id = a.tenant_id AND a."on" >= f.starts AND a."on" < f.ends
    WHERE f.closed_at IS NOT NULL AND a.purge_id IS NULL LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'journal % is dated % in a closed period', bad.key, bad."on"
            USING ERRCODE = 'check_violation', HINT = 'Date it in an open period.';
    END IF;
    SELECT a.key INTO bad FROM added a
    JOIN ledger_journal o ON o.tenant_id = a.tenant_id AND o.id = a.reverses_id
    WHERE a."on" < o."on" LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % is earlier than the one it reverses', bad.key
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""

_RIGHTS = """
REVOKE EXECUTE ON FUNCTION ledger.purge_tie(bigint, date), ledger.purge_look(bigint, date),
    ledger.purge_totals(bigint, date), ledger.purge_sums(bigint, bigint),
    ledger.purge_forward(bigint, bigint, timestamptz),
    ledger.purge_remove(bigint, bigint), ledger.purge_alone(bigint, text, text),
    ledger.purge_digest(bigint, bigint), ledger.purge_step(), ledger.purge_whole() FROM PUBLIC;
UPDATE core_role SET permissions = permissions || '["ledger.purge", "ledger.purge.approve"]'::jsonb
WHERE permissions ? 'ledger.period.close' AND NOT permissions ? 'ledger.purge';
"""

COLUMN = """
ALTER TABLE ledger_journal ADD CONSTRAINT ledger_journal_purge_id_ref
    FOREIGN KEY (tenant_id, purge_id) REFERENCES ledger_purge (tenant_id, id);
CREATE INDEX ledger_journal_purge_id_ix ON ledger_journal (tenant_id, purge_id) WHERE purge_id IS NOT NULL;
CREATE INDEX ledger_adjustment_charge_id_ix ON ledger_adjustment (tenant_id, charge_id)
    WHERE charge_id IS NOT NULL;
"""

PURGE = _TIED + _LOOK + TOTALS + FORWARD + REMOVE + _STEPS + _PERIOD + _RIGHTS

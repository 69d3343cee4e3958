"""What the database itself refuses in the ledger; run in the first migration.

``ledger.check_postings`` looks at the lines of one statement through its transition table, which row
security cannot blind: for each journal they must be numbered 1…lines, and debits and credits must
each equal the header's total.  Line numbers are unique, so a later statement cannot add a line.
A journal that says it reverses another must be its mirror: together they come to nothing for each
account of the chart and each customer.
``ledger.check_header`` is deferred: a header without its lines never commits.
``ledger.check_period`` and ``ledger.close_alone`` keep posting and closing apart.  All belong to the
owner, so that clearing the utility before COMMIT hides nothing from them.

``ledger.check_charges`` looks at the charges of one statement in the same way: a journal's charges come
all at once, and together they are what its lines make owed: receivable less customer credit.
``ledger.decided_once`` keeps an adjustment that was decided as it is.
"""

GUARDS = r"""
CREATE SCHEMA ledger;
GRANT USAGE ON SCHEMA ledger TO curbstop_app;

CREATE FUNCTION ledger.check_postings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE bad text;
BEGIN
    SELECT j.key INTO bad
    FROM (SELECT tenant_id, journal_id, count(*) AS lines, min(n) AS low, max(n) AS high,
                 sum(debit) AS debits, sum(credit) AS credits
          FROM added GROUP BY tenant_id, journal_id) p
    JOIN ledger_journal j ON j.tenant_id = p.tenant_id AND j.id = p.journal_id
    WHERE p.lines <> j.lines OR p.low <> 1 OR p.high <> j.lines
       OR p.debits <> j.total OR p.credits <> j.total
    LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'journal % does not balance with its header', bad USING ERRCODE = 'check_violation';
    END IF;
    SELECT j.key INTO bad
    FROM (SELECT DISTINCT tenant_id, journal_id FROM added) p
    JOIN ledger_journal j ON j.tenant_id = p.tenant_id AND j.id = p.journal_id AND j.reverses_id IS NOT NULL
    WHERE EXISTS (
        SELECT FROM ledger_posting b
        WHERE b.tenant_id = j.tenant_id AND b.journal_id IN (j.id, j.reverses_id)
        GROUP BY b.chart_account_id, b.account_id HAVING sum(b.debit) <> sum(b.credit)
    ) LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'journal % is not the mirror of the one it reverses', bad
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER whole_journals AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_postings();

CREATE FUNCTION ledger.check_header() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM ledger_posting p
    WHERE p.tenant_id = NEW.tenant_id AND p.journal_id = NEW.id AND p.n = 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'journal % has no lines', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER header_has_lines AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_header();

CREATE FUNCTION ledger.check_period() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
    -- An older snapshot would not see that the period was closed meanwhile.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'journals are posted in a READ COMMITTED transaction'
            USING ERRCODE = 'check_violation', HINT = 'Begin without another isolation level.';
    END IF;
    -- Shared with every posting, exclusive with closing: no journal slips into a period being closed.
    PERFORM pg_advisory_xact_lock_shared(7101, t::int) FROM (SELECT DISTINCT tenant_id AS t FROM added) x;
    SELECT a.key, a."on" INTO bad FROM added a
    JOIN ledger_fiscalperiod f ON f.tenant_id = a.tenant_id AND a."on" >= f.starts AND a."on" < f.ends
    WHERE f.closed_at IS NOT NULL LIMIT 1;
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
CREATE TRIGGER open_periods AFTER INSERT ON ledger_journal
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_period();

CREATE FUNCTION ledger.close_alone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the period from % is closed and never changes', OLD.starts
            USING ERRCODE = 'check_violation', HINT = 'Date corrections in an open period.';
    END IF;
    PERFORM pg_advisory_xact_lock(7101, NEW.tenant_id::int);
    RETURN NEW;
END $$;
CREATE TRIGGER close_alone BEFORE INSERT OR UPDATE ON ledger_fiscalperiod
    FOR EACH ROW EXECUTE FUNCTION ledger.close_alone();
ALTER TABLE ledger_fiscalperiod ADD CONSTRAINT fiscal_periods_apart
    EXCLUDE USING gist (int8range(tenant_id, tenant_id, '[]') WITH &&, daterange(starts, ends) WITH &&);

REVOKE EXECUTE ON FUNCTION ledger.check_postings(), ledger.check_header(), ledger.check_period(),
    ledger.close_alone() FROM PUBLIC;
"""

WHOLE_CHARGES = r"""
CREATE FUNCTION ledger.check_charges() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
-- A plan made while the tables were small must not scan them for each journal later.
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE bad record; owing bigint[];
BEGIN
    owing := ARRAY(SELECT id FROM ledger_chartaccount WHERE role IN ('receivable', 'customer_credit')
                   AND tenant_id IN (SELECT DISTINCT tenant_id FROM added));
    SELECT a.tenant_id, a.journal_id, a.charges <> c.there AS again INTO bad
    FROM (SELECT tenant_id, journal_id, count(*) AS charges, sum(amount) AS owed
          FROM added GROUP BY tenant_id, journal_id) a
    CROSS JOIN LATERAL (SELECT count(*) AS there FROM ledger_charge
                        WHERE tenant_id = a.tenant_id AND journal_id = a.journal_id) c
    CROSS JOIN LATERAL (SELECT sum(debit - credit) AS made FROM ledger_posting
                        WHERE tenant_id = a.tenant_id AND journal_id = a.journal_id
                          AND chart_account_id = ANY (owing)) p
    WHERE a.charges <> c.there OR a.owed <> coalesce(p.made, 0) LIMIT 1;
    IF bad.again THEN
        RAISE EXCEPTION 'journal % has its charges already', bad.journal_id USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'the charges of journal % are not what it makes owed', bad.journal_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER whole_charges AFTER INSERT ON ledger_charge
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.check_charges();
REVOKE EXECUTE ON FUNCTION ledger.check_charges() FROM PUBLIC;
"""

DECIDED_ONCE = r"""
CREATE FUNCTION ledger.decided_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'waiting' OR (OLD.state = 'posted' AND NEW.state = 'reversed'
                                 AND NEW.journal_id = OLD.journal_id AND NEW.checker = OLD.checker) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'adjustment % was decided and never changes', OLD.id
        USING ERRCODE = 'check_violation', HINT = 'Propose its reversal.';
END $$;
CREATE TRIGGER decided_once BEFORE UPDATE ON ledger_adjustment
    FOR EACH ROW EXECUTE FUNCTION ledger.decided_once();
REVOKE EXECUTE ON FUNCTION ledger.decided_once() FROM PUBLIC;
"""

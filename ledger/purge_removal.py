"""How the database removes rows in a purge and brings forward what they came to (``ledger.purge_guards``)."""

ROLES = "('receivable', 'customer_credit', 'deposits_held', 'refunds_payable')"
"""The chart accounts whose balance is kept by customer."""

HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

# Every balance that the removal must leave as it is.
TOTALS = rf"""
CREATE FUNCTION ledger.purge_totals(t bigint, until date) RETURNS jsonb {HEAD} AS $$
DECLARE made jsonb;
BEGIN
    DROP TABLE IF EXISTS pg_temp.purge_sum;
    CREATE TEMP TABLE purge_sum ON COMMIT DROP AS
    SELECT p.chart_account_id AS chart, CASE WHEN h.role IN {ROLES} THEN p.account_id END AS account,
           f.id AS period, date_trunc('month', j."on")::date AS month,
           round(sum(p.debit), 2) AS debit, round(sum(p.credit), 2) AS credit
    FROM ledger_posting p JOIN ledger_journal j ON j.tenant_id = t AND j.id = p.journal_id
    JOIN ledger_chartaccount h ON h.tenant_id = t AND h.id = p.chart_account_id
    LEFT JOIN ledger_fiscalperiod f ON f.tenant_id = t AND j."on" >= f.starts AND j."on" < f.ends
    WHERE p.tenant_id = t AND j."on" < until GROUP BY 1, 2, 3, 4;
    SELECT jsonb_build_object(
        'chart', (SELECT coalesce(jsonb_agg(jsonb_build_array(h.code, h.name, s.debit::text, s.credit::text)
                                            ORDER BY h.code), '[]')
                  FROM (SELECT chart, sum(debit) AS debit, sum(credit) AS credit FROM pg_temp.purge_sum
                        GROUP BY chart) s JOIN ledger_chartaccount h ON h.tenant_id = t AND h.id = s.chart),
        'months', (SELECT encode(sha256(convert_to(coalesce(string_agg(
                          concat_ws('|', chart, period, month, debit, credit), ';'
                          ORDER BY chart, month, period), ''), 'UTF8')), 'hex')
                   FROM (SELECT chart, period, month, sum(debit) AS debit, sum(credit) AS credit
                         FROM pg_temp.purge_sum GROUP BY 1, 2, 3) m),
        'accounts', (SELECT count(DISTINCT account) FROM pg_temp.purge_sum),
        'of_accounts', (SELECT encode(sha256(convert_to(coalesce(string_agg(
                          concat_ws('|', account, chart, period, month, debit, credit),
                          ';' ORDER BY account, chart, month, period), ''), 'UTF8')), 'hex')
                        FROM pg_temp.purge_sum WHERE account IS NOT NULL),
        'open', (SELECT round(coalesce(sum(open), 0), 2)::text FROM ledger_openitem WHERE tenant_id = t),
        'left', (SELECT round(coalesce(sum(open), 0), 2)::text FROM ledger_creditleft WHERE tenant_id = t),
        'held', (SELECT round(coalesce(sum(open), 0), 2)::text FROM ledger_depositleft WHERE tenant_id = t)
    ) INTO made;
    RETURN made;
END $$;
"""

FORWARD = rf"""
CREATE FUNCTION ledger.purge_sums(t bigint, p bigint) RETURNS void {HEAD} AS $$
BEGIN
    -- Before their lines go: what the journals come to, by month within its period, and by customer where a
    -- balance is kept by customer.  Parts, since a journal has no more than some thousand lines.
    DROP TABLE IF EXISTS pg_temp.purge_line;
    CREATE TEMP TABLE purge_line ON COMMIT DROP AS
    WITH placed AS (
        SELECT j.id, least((date_trunc('month', j."on") + interval '1 month')::date, f.ends) - 1 AS day,
               (dense_rank() OVER (PARTITION BY f.id, date_trunc('month', j."on") ORDER BY (
                   SELECT min(x.account_id) FROM ledger_posting x
                   WHERE x.tenant_id = t AND x.journal_id = j.id)
               ) - 1) / 3000 + 1 AS part
        FROM ledger_journal j
        JOIN ledger_fiscalperiod f ON f.tenant_id = t AND j."on" >= f.starts AND j."on" < f.ends
        WHERE j.tenant_id = t AND j.purge_id = p AND j.why <> 'brought forward'
    ), summed AS (
        SELECT d.day, d.part, l.chart_account_id AS chart,
               CASE WHEN h.role IN {ROLES} THEN l.account_id END AS account,
               sum(l.debit) AS debit, sum(l.credit) AS credit
        FROM placed d JOIN ledger_posting l ON l.tenant_id = t AND l.journal_id = d.id
        JOIN ledger_chartaccount h ON h.tenant_id = t AND h.id = l.chart_account_id
        GROUP BY 1, 2, 3, 4
    )
    SELECT day, part, chart, account, s.debit, s.credit,
           row_number() OVER (PARTITION BY day, part ORDER BY chart, account NULLS FIRST, s.credit) AS n
    FROM summed CROSS JOIN LATERAL (
        VALUES (round(debit, 2), 0.00), (0.00, round(credit, 2))) s (debit, credit)
    WHERE s.debit > 0 OR s.credit > 0;
END $$;

CREATE FUNCTION ledger.purge_forward(t bigint, p bigint, posted timestamptz) RETURNS void {HEAD} AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.purge_head;
    CREATE TEMP TABLE purge_head ON COMMIT DROP AS
    SELECT nextval('ledger_journal_id_seq') AS id, h.* FROM (
        SELECT day, part, count(*) AS lines, sum(debit) AS total,
               '["' || day || '","brought forward",null,[' || string_agg(
                   '[' || chart || ',"' || debit || '","' || credit || '",'
                   || coalesce(account::text, 'null') || ']',
                   ',' ORDER BY n) || ']]' AS said
        FROM pg_temp.purge_line GROUP BY day, part ORDER BY day, part) h;
    INSERT INTO ledger_journal (id, tenant_id, key, "on", why, lines, total, content_hash, operation_id,
                                posted_at, purge_id)
    SELECT id, t, 'purge ' || p || ':' || day || ':' || part, day, 'brought forward', lines, total,
           encode(sha256(convert_to(said, 'UTF8')), 'hex'),
           current_setting('app.operation_id')::uuid, posted, p
    FROM pg_temp.purge_head;
    INSERT INTO ledger_posting (tenant_id, journal_id, n, chart_account_id, account_id, debit, credit)
    SELECT t, h.id, l.n, l.chart, l.account, l.debit, l.credit
    FROM pg_temp.purge_line l JOIN pg_temp.purge_head h ON h.day = l.day AND h.part = l.part;
END $$;
"""

REMOVE = rf"""
CREATE FUNCTION ledger.purge_remove(t bigint, p bigint) RETURNS void {HEAD} AS $$
DECLARE r record;
BEGIN
    -- A charge or credit that a receipt, a returned payment or adjustment names remains, with nothing on it.
    DROP TABLE IF EXISTS pg_temp.purge_gone, pg_temp.purge_keep;
    CREATE TEMP TABLE purge_gone ON COMMIT DROP AS
    SELECT id FROM ledger_journal WHERE tenant_id = t AND purge_id = p AND why <> 'brought forward';
    CREATE UNIQUE INDEX ON pg_temp.purge_gone (id);
    ANALYZE pg_temp.purge_gone;
    CREATE TEMP TABLE purge_keep (what text, id bigint) ON COMMIT DROP;
    FOR r IN
        SELECT c.conrelid::regclass::text AS refers, a.attname AS col, c.confrelid::regclass::text AS target
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid
             AND a.attnum = c.conkey[cardinality(c.conkey)]
        WHERE c.contype = 'f' AND c.confrelid IN ('ledger_charge'::regclass, 'ledger_credit'::regclass)
          AND c.conrelid NOT IN ('ledger_application'::regclass, 'ledger_openitem'::regclass,
                                 'ledger_creditleft'::regclass)
    LOOP
        EXECUTE format('INSERT INTO pg_temp.purge_keep SELECT %L, x.%I FROM %s x'
                       ' JOIN %s y ON y.tenant_id = $1 AND y.id = x.%I'
                       ' JOIN pg_temp.purge_gone g ON g.id = y.journal_id WHERE x.tenant_id = $1',
                       r.target, r.col, r.refers, r.target, r.col) USING t;
    END LOOP;
    DELETE FROM ledger_application a USING pg_temp.purge_gone g WHERE a.tenant_id = t AND a.journal_id = g.id;
    DELETE FROM ledger_openitem i USING ledger_charge c, pg_temp.purge_gone g
    WHERE i.tenant_id = t AND c.tenant_id = t AND c.id = i.charge_id AND c.journal_id = g.id;
    DELETE FROM ledger_creditleft l USING ledger_credit k, pg_temp.purge_gone g
    WHERE l.tenant_id = t AND k.tenant_id = t AND k.id = l.credit_id AND k.journal_id = g.id;
    DELETE FROM ledger_charge c USING pg_temp.purge_gone g WHERE c.tenant_id = t AND c.journal_id = g.id
        AND NOT EXISTS (SELECT FROM pg_temp.purge_keep k WHERE k.what = 'ledger_charge' AND k.id = c.id);
    DELETE FROM ledger_credit c USING pg_temp.purge_gone g WHERE c.tenant_id = t AND c.journal_id = g.id
        AND NOT EXISTS (SELECT FROM pg_temp.purge_keep k WHERE k.what = 'ledger_credit' AND k.id = c.id);
    DELETE FROM ledger_posting l USING pg_temp.purge_gone g WHERE l.tenant_id = t AND l.journal_id = g.id;
END $$;
"""

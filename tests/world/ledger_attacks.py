"""Attacks on the ledger: books that do not balance, and a past that is made over."""

from typing import Any
from uuid import uuid4

from tests.world.hostile import Prey, Session, attack

IN_SEPTEMBER = "2026-09-15"
CLOSED = "2026-09-05"
UNBALANCED = "does not balance with its header"
POSTING = "INSERT INTO ledger_posting (tenant_id, journal_id, n, chart_account_id, account_id, debit, credit)"
NOT_AN_AMOUNT = "amount_check"


def header(session: Session, key: str = "", **given: Any) -> int:
    """A journal's header alone; its id."""
    facts = {
        "key": key or f"attack:{uuid4()}",
        "on": IN_SEPTEMBER,
        "lines": 2,
        "total": "10.00",
        "reverses": None,
        **given,
    }
    ((journal_id,),) = session.run(
        'INSERT INTO ledger_journal (tenant_id, key, "on", why, lines, total, content_hash, operation_id,'
        " posted_at, reverses_id) VALUES (%(oak)s, %(key)s, %(on)s, 'attack', %(lines)s, %(total)s, '',"
        " gen_random_uuid(), now(), %(reverses)s) RETURNING id",
        **facts,
    )
    return int(journal_id)


def lines(session: Session, journal: int, *sides: tuple[Any, Any], first: int = 1) -> None:
    """Lines in one statement, each debit and credit; debits on receivable, credits on revenue."""
    values = ", ".join(
        f"(%(oak)s, {journal}, {n}, {'%(receivable)s' if debit else '%(revenue)s'}, %(account)s,"
        f" {debit}, {credit})"
        for n, (debit, credit) in enumerate(sides, start=first)
    )
    session.run(f"{POSTING} VALUES {values}")


def journal(session: Session, key: str = "", **given: Any) -> int:
    """A whole journal of ten dollars that balances; its id."""
    made = header(session, key, **given)
    lines(session, made, (10, 0), (0, 10))
    return made


def charges(session: Session, of: Any, *amounts: Any, account: str = "%(account)s") -> None:
    """Charges of a journal in one statement, by their amounts."""
    values = ", ".join(
        f"(%(oak)s, %(of)s, {account}, 'OTHER', '', 'attack', '', {amount}, '{IN_SEPTEMBER}',"
        f" '{IN_SEPTEMBER}', 1)"
        for amount in amounts
    )
    session.run(
        "INSERT INTO ledger_charge (tenant_id, journal_id, account_id, revenue_code, component, text, unit,"
        f' amount, "on", due_on, priority) VALUES {values}',
        of=of,
    )


@attack("a journal whose sides differ", UNBALANCED)
def _unbalanced(prey: Prey) -> None:
    with prey.session() as enemy:
        lines(enemy, header(enemy), (10, 0), (0, 9))
        enemy.commit()


@attack("a journal of another amount than its header", UNBALANCED)
def _other_total(prey: Prey) -> None:
    with prey.session() as enemy:
        lines(enemy, header(enemy), (9, 0), (0, 9))
        enemy.commit()


@attack("a journal without lines", "has no lines")
def _no_lines(prey: Prey) -> None:
    with prey.session() as enemy:
        header(enemy)
        enemy.commit()


@attack("a journal without lines, the utility cleared before the commit", "has no lines")
def _cleared(prey: Prey) -> None:
    with prey.session() as enemy:
        header(enemy)
        enemy.enter(None)
        enemy.commit()


@attack("a journal without lines, another utility entered before the commit", "has no lines")
def _elsewhere(prey: Prey) -> None:
    with prey.session() as enemy:
        header(enemy)
        enemy.enter(prey.facts["elm"])
        enemy.commit()


@attack("an unbalanced journal in two statements", UNBALANCED)
def _two_statements(prey: Prey) -> None:
    with prey.session() as enemy:
        made = header(enemy)
        lines(enemy, made, (10, 0))
        lines(enemy, made, (0, 9), first=2)
        enemy.commit()


def _lines_later(prey: Prey, *sides: tuple[Any, Any]) -> None:
    with prey.session() as enemy:
        ((last,),) = enemy.run("SELECT max(n) FROM ledger_posting WHERE journal_id = %(bill_journal)s")
        lines(enemy, prey.facts["bill_journal"], *sides, first=last + 1)
        enemy.commit()


@attack("a line added to a posted journal", UNBALANCED)
def _line_later(prey: Prey) -> None:
    _lines_later(prey, (10, 0))


@attack("a whole set of lines added to a posted journal", UNBALANCED)
def _set_later(prey: Prey) -> None:
    total = prey.facts["bill_total"]
    _lines_later(prey, (total, 0), (0, total))


@attack("the lines of a posted journal a second time", "ledger_posting_pkey")
def _set_again(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit(
            f"{POSTING} SELECT tenant_id, journal_id, n, chart_account_id, account_id, debit, credit"
            " FROM ledger_posting WHERE journal_id = %(bill_journal)s"
        )
        enemy.commit()


@attack("a charge added to a posted journal", "has its charges already")
def _charge_later(prey: Prey) -> None:
    with prey.session() as enemy:
        charges(enemy, prey.facts["bill_journal"], 5)
        enemy.commit()


@attack("charges that cancel out added to a posted journal", "has its charges already")
def _charges_later(prey: Prey) -> None:
    with prey.session() as enemy:
        charges(enemy, prey.facts["bill_journal"], 5, -5)
        enemy.commit()


@attack("the charges of a new journal in two statements", "not what it makes owed")
def _charges_in_two(prey: Prey) -> None:
    with prey.session() as enemy:
        made = journal(enemy)
        charges(enemy, made, 4)
        charges(enemy, made, 6)
        enemy.commit()


@attack("charges of more than their journal makes owed", "not what it makes owed")
def _charges_of_more(prey: Prey) -> None:
    with prey.session() as enemy:
        charges(enemy, journal(enemy), 15)
        enemy.commit()


@attack("a line on both sides", "posting_one_side")
def _both_sides(prey: Prey) -> None:
    with prey.session() as enemy:
        lines(enemy, header(enemy, total="15.00"), (10, 5), (5, 10))
        enemy.commit()


@attack("a journal of one line", "journal_has_lines")
def _one_line(prey: Prey) -> None:
    with prey.session() as enemy:
        header(enemy, lines=1)


@attack("the same source event posted twice", "journal_key_once")
def _same_key(prey: Prey) -> None:
    with prey.session() as enemy:
        journal(enemy, "event:1")
        journal(enemy, "event:1")
        enemy.commit()


def _credit_of(prey: Prey, amount: str) -> None:
    with prey.session() as enemy:
        enemy.run(
            'INSERT INTO ledger_credit (tenant_id, journal_id, account_id, text, amount, "on")'
            f" VALUES (%(oak)s, %(bill_journal)s, %(account)s, 'attack', {amount}, '{IN_SEPTEMBER}')"
        )
        enemy.commit()


@attack("money that is not a number", NOT_AN_AMOUNT)
def _nan(prey: Prey) -> None:
    _credit_of(prey, "'NaN'")


@attack("money without end", NOT_AN_AMOUNT)
def _infinity(prey: Prey) -> None:
    _credit_of(prey, "'Infinity'")


@attack("half a cent", NOT_AN_AMOUNT)
def _half_cent(prey: Prey) -> None:
    _credit_of(prey, "10.005")


def _august(prey: Prey, closed_at: str | None) -> None:
    """August alone is a period, open or closed."""
    prey.as_owner("DELETE FROM ledger_fiscalperiod")
    with prey.session() as closing:
        closing.run(
            "INSERT INTO ledger_fiscalperiod (tenant_id, starts, ends, closed_at, closed_by)"
            " VALUES (%(oak)s, '2026-08-01', '2026-09-01', %(closed_at)s, '')",
            closed_at=closed_at,
        )
        closing.commit()


@attack("a journal in a closed period", "in a closed period")
def _closed(prey: Prey) -> None:
    _august(prey, CLOSED)
    with prey.session() as enemy:
        journal(enemy, on="2026-08-31")
        enemy.commit()


@attack("a period closed under a journal that is being posted", "lock timeout")
def _closed_meanwhile(prey: Prey) -> None:
    _august(prey, None)
    with prey.session() as enemy, prey.session() as closing:
        journal(enemy, on="2026-08-31")
        closing.run("SET LOCAL lock_timeout = '200ms'")
        closing.hit("UPDATE ledger_fiscalperiod SET closed_at = now()")
        closing.commit()
        enemy.commit()


@attack("a journal posted on a sight from before the closing", "READ COMMITTED")
def _old_sight(prey: Prey) -> None:
    _august(prey, None)
    with prey.session(None) as enemy, prey.session() as closing:
        enemy.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        enemy.enter(prey.facts["oak"])
        enemy.run("SELECT count(*) FROM ledger_fiscalperiod")
        closing.hit("UPDATE ledger_fiscalperiod SET closed_at = now()")
        closing.commit()
        journal(enemy, on="2026-08-31")
        enemy.commit()


@attack("a closed period opened again", "closed and never changes")
def _reopened(prey: Prey) -> None:
    _august(prey, CLOSED)
    with prey.session() as enemy:
        enemy.hit("UPDATE ledger_fiscalperiod SET closed_at = NULL")
        enemy.commit()


@attack("two periods over the same days", "fiscal_periods_apart")
def _periods_overlap(prey: Prey) -> None:
    _august(prey, None)
    with prey.session() as enemy:
        enemy.run(
            "INSERT INTO ledger_fiscalperiod (tenant_id, starts, ends, closed_by)"
            " VALUES (%(oak)s, '2026-08-15', '2026-09-15', '')"
        )
        enemy.commit()


@attack("a journal reversed twice", "journal_reversed_once")
def _reversed_twice(prey: Prey) -> None:
    with prey.session() as enemy:
        first = journal(enemy, "first")
        _mirror(enemy, "mirror", first)
        _mirror(enemy, "another mirror", first)
        enemy.commit()


def _mirror(session: Session, key: str, of: int, on: str = IN_SEPTEMBER) -> None:
    made = header(session, key, on=on, reverses=of)
    session.hit(
        f"{POSTING} SELECT tenant_id, %(made)s, n, chart_account_id, account_id, credit, debit"
        " FROM ledger_posting WHERE journal_id = %(of)s",
        made=made,
        of=of,
    )


@attack("a mirror earlier than its journal", "earlier than the one it reverses")
def _mirror_earlier(prey: Prey) -> None:
    with prey.session() as enemy:
        _mirror(enemy, "mirror", journal(enemy), on="2026-09-14")
        enemy.commit()


@attack("a mirror that shows something else", "not the mirror of")
def _no_mirror(prey: Prey) -> None:
    with prey.session() as enemy:
        first = journal(enemy, "first")
        journal(enemy, "no mirror", reverses=first)
        enemy.commit()


@attack("more applied to a charge than is open", "open_item_within")
def _over_applied(prey: Prey) -> None:
    with prey.session() as one, prey.session() as other:
        lower = "UPDATE ledger_openitem SET open = open - %(open)s WHERE id = %(open_item)s"
        one.hit(lower)
        one.commit()
        other.hit(lower)
        other.commit()


@attack("more left of a credit than was given", "credit_left_within")
def _credit_grown(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.hit("UPDATE ledger_creditleft SET open = amount + 1 WHERE credit_id = %(credit)s")
        enemy.commit()


@attack("a refused adjustment approved after all", "was decided and never changes")
def _decided_again(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            "INSERT INTO ledger_adjustment (tenant_id, account_id, kind, amount, revenue_code, reason, text,"
            ' "on", maker, maker_name, made_at, state, checker, checker_name, checked_at, checked_why)'
            " VALUES (%(oak)s, %(account)s, 'credit', 10, 'OTHER', 'Other', 'attack', '2026-09-15', 'a', 'a',"
            " now(), 'refused', 'b', 'b', now(), '')"
        )
        enemy.hit(
            "UPDATE ledger_adjustment SET state = 'posted', journal_id = %(bill_journal)s"
            " WHERE state = 'refused'"
        )
        enemy.commit()


@attack("a refused write-off approved after all", "was decided and never changes")
def _given_up_again(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            'INSERT INTO ledger_writeoff (tenant_id, account_id, amount, reason, "on", maker, maker_name,'
            " made_at, state, checker, checker_name, checked_at, checked_why)"
            " VALUES (%(oak)s, %(account)s, 10, 'attack', '2026-09-15', 'a', 'a', now(), 'refused', 'b', 'b',"
            " now(), '')"
        )
        enemy.hit(
            "UPDATE ledger_writeoff SET state = 'posted', journal_id = %(bill_journal)s,"
            " posted_on = '2026-09-15' WHERE state = 'refused'"
        )
        enemy.commit()


@attack("a refused refund that waits again", "was decided and never changes")
def _refunded_again(prey: Prey) -> None:
    with prey.session() as enemy:
        enemy.run(
            'INSERT INTO ledger_deposit (tenant_id, journal_id, account_id, amount, "on", reference)'
            " VALUES (%(oak)s, %(bill_journal)s, %(account)s, 10, '2026-09-15', 'attack')"
        )
        enemy.run(
            'INSERT INTO ledger_depositrefund (tenant_id, deposit_id, amount, payee, reason, reference, "on",'
            " maker, maker_name, made_at, state, checker, checker_name, checked_at, checked_why, cheque)"
            " SELECT tenant_id, id, 10, 'attack', 'attack', '', \"on\", 'a', 'a', now(), 'refused', 'b', 'b',"
            " now(), '', '' FROM ledger_deposit WHERE reference = 'attack'"
        )
        enemy.hit(
            "UPDATE ledger_depositrefund SET state = 'waiting', checked_at = NULL WHERE state = 'refused'"
        )
        enemy.commit()

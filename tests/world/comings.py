"""One of everything about landlords, notes and moving in, in a town that is asked at every address."""

from datetime import date

from core.codes import put_code
from core.operations import act_as
from core.sealed import Typed
from customers.bank_draft import enrol
from customers.customer_file import change_customer
from customers.landlords import add_company, add_landlord, give_location
from customers.models import Standing
from customers.move_in import ask_to_move_in
from customers.notes import add_note
from customers.sealed import BANK_ACCOUNT, SSN
from customers.standing import raise_counter
from tests.world.bodies import Facts
from tests.world.deposit_bodies import held_deposits
from tests.world.history_bodies import looked_at, proposed_purge
from tests.world.towns import Town
from tests.world.write_off_bodies import waiting_write_off

ADDRESS = {"line_1": "1 Elm St", "city": "Oak Hollow", "state": "IA", "zip_code": "51501"}


def comings(town: Town, mark: str) -> Facts:
    """A company, a landlord with a location, a pinned note and somebody who waits; their ids."""
    account, other = town.account("100001"), town.account("100012")
    with act_as(town.system, "trial.count"):
        raise_counter(account.id, Standing.Kind.LATE_FEE, date(2026, 9, 1))
        counted = Standing.objects.get(account=account).id
    put_code(town.admin, kind="bank", code="FIRST", name="First Bank")
    change_customer(town.clerk, customer_id=account.customer_id, fields={}, ssn=Typed(SSN, "078-05-1120"))
    company = add_company(town.clerk, texts={"name": f"{mark} Homes", **ADDRESS})
    landlord = add_landlord(town.clerk, texts={"name": f"{mark} Lodge", **ADDRESS}, company_id=company)
    return {
        **held_deposits(town),
        "write_off_id": waiting_write_off(town),
        "move_id": looked_at(town),
        "purge_id": proposed_purge(town),
        "standing_id": counted,
        "company_id": company,
        "draft_id": enrol(
            town.clerk,
            account_id=account.id,
            fields={"bank": "FIRST", "holder": f"{mark} Holder", "routing": "021000021"},
            number=Typed(BANK_ACCOUNT, "000987654321"),
            signed_on=date(2026, 9, 1),
            starts=date(2026, 9, 1),
            ends=date(2026, 10, 1),
            today=date(2026, 9, 1),
        ),
        "landlord_id": landlord,
        "holding_id": give_location(
            town.clerk, landlord_id=landlord, location_id=other.location_id, starts=date(2026, 8, 1)
        ),
        "note_id": add_note(town.clerk, account_id=account.id, text="Dog in the yard", pinned=True),
        "move_in_id": ask_to_move_in(
            town.clerk,
            location_id=other.location_id,
            starts=date(2026, 12, 1),
            customer_id=account.customer_id,
            owed_reason="Moves house",
        ),
    }

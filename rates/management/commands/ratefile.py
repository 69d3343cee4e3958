"""``manage.py ratefile``: rate tables of a utility written to files, and read from them as drafts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.acting import operator_actor
from core.errors import Refused
from core.models import Operator, Utility
from core.tenancy import scope
from rates.filing import bring_in, read_file, table_as_file
from rates.models import RateTable


class Command(BaseCommand):
    """Export reads only; import acts for an operator, with that operator's rights."""

    help = "Write rate tables to files (export), or make drafts of files (import)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, for which utility."""
        doing = parser.add_subparsers(dest="doing", required=True)
        out = doing.add_parser("export", help="write a file for each table")
        out.add_argument("utility", metavar="SLUG")
        out.add_argument("folder", metavar="FOLDER")
        out.add_argument("--rate", metavar="CODE", help="only this table")
        take = doing.add_parser("import", help="make drafts; a second person puts them in force")
        take.add_argument("utility", metavar="SLUG")
        take.add_argument("files", metavar="FILE", nargs="+")
        take.add_argument("--by", metavar="LOGIN", required=True, help="the operator who prepares them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it in the utility's scope."""
        utility = Utility.objects.filter(slug=options["utility"]).first()
        if utility is None:
            raise CommandError(f"There is no utility “{options['utility']}”.")
        with scope(utility.id):
            if options["doing"] == "export":
                self._export(Path(options["folder"]), options["rate"])
            else:
                self._import(options["files"], options["by"])

    def _export(self, folder: Path, code: str | None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with transaction.atomic():
            tables = RateTable.objects.order_by("code")
            tables = tables.filter(code=code) if code else tables
            written = {f"rate-{t.id}.json": table_as_file(t) for t in tables}
        if code and not written:
            raise CommandError(f"There is no rate table {code}.")
        for name, content in written.items():
            text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"{folder / name}  {content['code']}, {len(content['versions'])} versions")

    def _import(self, files: list[str], login: str) -> None:
        operator = Operator.objects.filter(login=login).first()
        with transaction.atomic():
            by = operator_actor(operator.id) if operator else None
        if by is None:
            raise CommandError(f"“{login}” does not work for this utility.")
        for name in files:
            try:
                made = bring_in(by, content=read_file(Path(name).read_bytes()))
            except OSError as wrong:
                raise CommandError(f"{name}: {wrong.strerror}.") from wrong
            except Refused as refused:
                raise CommandError(f"{name}: {refused}") from refused
            self.stdout.write(f"{name}: {len(made)} draft{'' if len(made) == 1 else 's'}")

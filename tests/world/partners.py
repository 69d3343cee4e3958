"""A partner system asking the API with a key of its own."""

import json
from typing import Any

from django.test import Client

from core.partner_keys import add_key, make_key
from core.permissions import all_permissions
from core.tenancy import scope
from tests.world.towns import Town


class Partner:
    """A partner of a town; without rights named it has all of them.  ``key`` is its key as text."""

    def __init__(self, town: Town, *rights: str, name: str = "Till", host: str = "") -> None:
        made = make_key()
        with scope(town.utility.id):
            add_key(
                town.system,
                name=name,
                permissions=list(rights or all_permissions()),
                prefix=made.prefix,
                digest=made.digest,
            )
        self.key = made.text
        self.client = Client(HTTP_HOST=host or town.host)

    def ask(self, method: str, path: str, body: object = None, key: str = "", **query: str | int) -> Any:
        """The answer; ``key`` is the idempotency key."""
        headers = {"authorization": f"Bearer {self.key}"} | ({"idempotency-key": key} if key else {})
        sent = None if body is None else json.dumps(body)
        url = f"/api/v1/{path}"
        if method == "GET":
            return self.client.get(url, query, headers=headers)
        return self.client.generic(method, url, sent or "", "application/json", headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        """What is there, read from JSON; fails unless the answer is 200."""
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def first(self, path: str, **query: Any) -> Any:
        """The first row of a list."""
        return self.get(path, **query)["results"][0]

    def post(self, path: str, body: object = None, key: str = "") -> Any:
        """The answer to something new, which must be done (2xx), read from JSON."""
        answer = self.ask("POST", path, body, key)
        assert 200 <= answer.status_code < 300, answer.content
        return answer.json()

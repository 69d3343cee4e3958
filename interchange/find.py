"""Pages of files in and out, for the search box."""

from core.find import Command, Numbered

NUMBERED: tuple[Numbered, ...] = ()
COMMANDS = (Command("Imports", "/imports/", "file-import", "interchange.view", "files readings bring in"),)

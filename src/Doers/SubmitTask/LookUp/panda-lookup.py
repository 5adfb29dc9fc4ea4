"""Looks a task up by its name, through the panda client's own book-keeping: panda-lookup.py NAME

Runs under the panda client's environment. Its last line on stdout is JSON: a list of {"id", "name", "created"}, newest or
not, as PanDA gives them; [] proves nothing within minutes of a submission.
"""
import json
import sys

from pandaclient import PBookCore


def first(row, *keys):
    """The value of whichever of the spellings this version of the client has."""
    lower = {str(key).lower(): value for key, value in row.items()}
    return next((lower[key] for key in keys if lower.get(key) is not None), None)


def main():
    name = sys.argv[1].rstrip("/")
    book = PBookCore.PBookCore()
    found = {}
    for spelling in (name, name + "/"):  # prun ends a task's name with a slash
        for row in book.show(taskname=spelling, days=2, format="json") or []:
            task = first(row, "jeditaskid")
            found[str(task)] = {
                "id": str(task),
                "name": str(first(row, "taskname") or ""),
                "created": str(first(row, "creationdate") or ""),
            }
    print()
    print(json.dumps(list(found.values())))


main()

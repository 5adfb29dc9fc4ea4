"""The panda client's book-keeping, as far as a look-up by name uses it."""
import json
import os
import time


class PBookCore:
    def __init__(self, verbose=False):
        self.verbose = verbose

    def show(self, some_ids=None, username=None, limit=1000, taskname=None, days=14, format="standard"):
        home = os.environ["PANDA_STANDIN"]
        with open(os.path.join(home, "lookups.jsonl"), "a") as log:
            log.write(json.dumps({"taskname": taskname, "days": days, "format": format}) + "\n")
        print("INFO : what the client says on the way")
        with open(os.path.join(home, "plan.json")) as file:
            plan = json.load(file)
        if plan.get("book") == "down":
            raise RuntimeError("no connection to the server")
        try:
            with open(os.path.join(home, "book.jsonl")) as file:
                rows = [json.loads(line) for line in file]
        except FileNotFoundError:
            rows = []
        now = time.time()
        return [r for r in rows if r["taskName"] == taskname and now >= r["at"] + plan.get("book_delay_s", 0)]

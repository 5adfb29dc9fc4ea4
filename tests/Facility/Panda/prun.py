#!/usr/bin/python3
"""prun's stand-in: writes down what it was given, then behaves as plan.json beside it says."""
import json
import os
import subprocess
import sys
import time

home = os.environ["PANDA_STANDIN"]
with open(os.path.join(home, "plan.json")) as file:
    plan = json.load(file)


def note(name, text):
    with open(os.path.join(home, name), "a") as log:
        log.write(text + "\n")


def insert():
    """PanDA takes the task: the book shows it from then on plus its delay."""
    name = sys.argv[sys.argv.index("--outDS") + 1] if "--outDS" in sys.argv else ""
    note("book.jsonl", json.dumps({
        "jediTaskID": plan["id"], "taskName": name + "/", "at": time.time(),
        "creationDate": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
    }))


def hang():
    while True:
        time.sleep(0.05)


stdin_is_empty = sys.stdin.read() == ""
note("runs.jsonl", json.dumps({
    "argv": sys.argv[1:], "cwd": os.getcwd(), "environment": dict(os.environ), "stdin_is_empty": stdin_is_empty,
    "pid": os.getpid(), "parent_pid": os.getppid(), "mode": oct(os.stat(os.getcwd()).st_mode & 0o777), "files": sorted(os.listdir(".")),
}))
for _ in range(plan.get("children", 0)):
    subprocess.Popen(["sleep", "600"], start_new_session=True)

what = plan["what"]
print("INFO : gathering files under " + os.getcwd(), flush=True)
if plan.get("refresh_token"):
    with open(os.path.join(home, "token"), "w") as token:
        token.write("renewed by the client\n")
if plan.get("tells_token"):
    with open(os.path.join(home, "token")) as token:
        told = token.read()
    for stream in (sys.stdout, sys.stderr):
        print("DEBUG : " + told, file=stream, flush=True)
        for word in json.loads(told).values():
            print("ERROR : sent Bearer %s and %s" % (word, word), file=stream, flush=True)
        for name, value in os.environ.items():
            print("DEBUG : %s=%s" % (name, value), file=stream, flush=True)
if what == "login":
    print("INFO : Please go to https://panda-iam-doma.cern.ch/device?user_code=OXIIWM and sign in. "
          "Waiting until authentication is completed", flush=True)
    hang()
if what == "usage":
    print("usage: prun [options]\nprun: error: unrecognized arguments", file=sys.stderr)
    sys.exit(2)
if what == "fail_before":
    print("ERROR : could not upload the sandbox", file=sys.stderr)
    sys.exit(plan["code"])
if what == "hang_before":
    hang()
if what == "die_before":
    os.kill(os.getpid(), 9)
print("INFO : submit to PanDA", flush=True)
time.sleep(plan.get("before_insert_s", 0))
insert()
if what == "fail_after":
    print("ERROR : transport error of the insert", file=sys.stderr)
    sys.exit(plan["code"])
if what == "hang_after":
    hang()
if what == "die_after":
    os.kill(os.getpid(), 9)
if what == "no_id":
    print("INFO : succeeded.", flush=True)
    sys.exit(0)
while plan.get("holds_id") and os.path.isdir(home) and not os.path.exists(os.path.join(home, "go")):
    time.sleep(0.05)
print("INFO : succeeded. new jediTaskID=%s" % plan["id"], flush=True)
if what == "hang_with_id":
    hang()
if what == "fail_with_id":
    sys.exit(1)
time.sleep(plan.get("after_id_s", 0))

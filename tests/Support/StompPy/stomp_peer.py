"""A client of the facility's own STOMP library, as its programs use it.

stomp_peer.py send DESTINATION              each line of stdin is one body
stomp_peer.py listen DESTINATION [...]      prints READY, then one JSON object a message: destination, headers, body

Environment: STOMP_PORT, STOMP_USER, STOMP_PASSCODE; STOMP_CA for TLS; STOMP_CONTENT_LENGTH=1 sends with content-length,
STOMP_PERSISTENT=1 with persistent:true.
"""
import json
import os
import ssl
import sys
import threading

import stomp

HOST = "localhost"
PORT = int(os.environ["STOMP_PORT"])


class Printer(stomp.ConnectionListener):
    def __init__(self):
        self.receipts = {}
        self.ended = threading.Event()

    def expect(self, receipt):
        self.receipts[receipt] = threading.Event()
        return self.receipts[receipt]

    def on_receipt(self, frame):
        waiting = self.receipts.get(frame.headers.get("receipt-id"))
        if waiting:
            waiting.set()

    def on_message(self, frame):
        print(json.dumps({"destination": frame.headers["destination"], "headers": dict(frame.headers), "body": frame.body}), flush=True)

    def on_error(self, frame):
        print("ERROR " + str(frame.headers) + " " + str(frame.body), file=sys.stderr, flush=True)

    def on_disconnected(self):
        self.ended.set()


def connect():
    listener = Printer()
    lengths = os.environ.get("STOMP_CONTENT_LENGTH") == "1"
    connection = stomp.Connection11([(HOST, PORT)], vhost=HOST, auto_content_length=lengths, heartbeats=(30000, 30000))
    if os.environ.get("STOMP_CA"):
        connection.transport.set_ssl([(HOST, PORT)], ca_certs=os.environ["STOMP_CA"], ssl_version=ssl.PROTOCOL_TLS_CLIENT)
    connection.set_listener("peer", listener)
    connection.connect(os.environ["STOMP_USER"], os.environ["STOMP_PASSCODE"], wait=True)
    return connection, listener


def send(destination):
    headers = {"persistent": "true"} if os.environ.get("STOMP_PERSISTENT") == "1" else {}
    connection, listener = connect()
    done = listener.expect("last")
    bodies = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    for body in bodies[:-1]:
        connection.send(destination, body, headers=headers)
    connection.send(destination, bodies[-1], headers={"receipt": "last", **headers})
    if not done.wait(30):
        sys.exit("no receipt within 30 s")
    connection.disconnect()


def listen(destinations):
    connection, listener = connect()
    for number, destination in enumerate(destinations):
        done = listener.expect(f"sub-{number}")
        connection.subscribe(destination, id=str(number), ack="auto", headers={"receipt": f"sub-{number}"})
        if not done.wait(30):
            sys.exit("no receipt within 30 s")
    print("READY", flush=True)
    listener.ended.wait()


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(sys.argv[2])
    else:
        listen(sys.argv[2:])

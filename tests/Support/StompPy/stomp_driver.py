"""One stomp.py connection, driven by commands on stdin and telling on stdout what it saw: one JSON object a line, both ways.

A command has a number and a "do"; its answer is {"done": number} or {"failed": number, "error": text}. What the library's
listener is told comes as {"event": name, "headers": {...}, "body": text}.
"""
import json
import socket
import sys
import threading

import stomp

CONNECTIONS = {"1.0": stomp.StompConnection10, "1.1": stomp.StompConnection11, "1.2": stomp.StompConnection12}
OUTPUT = threading.Lock()


def tell(**what):
    with OUTPUT:
        print(json.dumps(what), flush=True)


class Teller(stomp.ConnectionListener):
    def on_connected(self, frame):
        tell(event="connected", headers=frame.headers)

    def on_message(self, frame):
        tell(event="message", headers=frame.headers, body=frame.body)

    def on_receipt(self, frame):
        tell(event="receipt", headers=frame.headers)

    def on_error(self, frame):
        tell(event="error", headers=frame.headers, body=frame.body)

    def on_heartbeat(self):
        tell(event="heartbeat")

    def on_heartbeat_timeout(self):
        tell(event="heartbeat_timeout")

    def on_disconnected(self):
        tell(event="disconnected")


class Driver:
    def __init__(self):
        self.version = None
        self.connection = None

    def connect(self, version, port, user=None, passcode=None, heartbeats=(0, 0)):
        options = {} if version == "1.0" else {"heartbeats": tuple(heartbeats)}
        self.version = version
        self.connection = CONNECTIONS[version]([("127.0.0.1", port)], auto_content_length=False, **options)
        self.connection.set_listener("teller", Teller())
        self.connection.connect(user, passcode, wait=True)

    def send(self, destination, body, length=False, headers=None):
        # As bytes: of a text the library would count the characters.
        self.connection.auto_content_length = length
        self.connection.send(destination, body.encode() if length else body, headers=headers)

    def subscribe(self, destination, id, ack="auto", headers=None):
        self.connection.subscribe(destination, id=id, ack=ack, headers=headers)

    def unsubscribe(self, id, headers=None):
        self.connection.unsubscribe(id=id, headers=headers)

    def ack(self, message, transaction=None, receipt=None):
        self.connection.ack(*self.names(message), transaction=transaction, receipt=receipt)

    def nack(self, message, transaction=None, receipt=None):
        self.connection.nack(*self.names(message), transaction=transaction, receipt=receipt)

    def names(self, message):
        if self.version == "1.2":
            return [message["ack"]]
        return [message["message-id"]] if self.version == "1.0" else [message["message-id"], message["subscription"]]

    def begin(self, transaction, headers=None):
        self.connection.begin(transaction, headers=headers)

    def commit(self, transaction, headers=None):
        self.connection.commit(transaction, headers=headers)

    def abort(self, transaction, headers=None):
        self.connection.abort(transaction, headers=headers)

    def disconnect(self, receipt):
        self.connection.disconnect(receipt)

    def drop(self):
        """Ends the connection without a word, as a machine that goes down does."""
        self.connection.transport.socket.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    driver = Driver()
    for line in sys.stdin:
        command = json.loads(line)
        number = command.pop("number")
        try:
            getattr(driver, command.pop("do"))(**command)
            tell(done=number)
        except Exception as failure:
            tell(failed=number, error=f"{type(failure).__name__} {failure}")

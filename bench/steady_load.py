"""Sends requests at a steady rate with the facility's own STOMP library, and counts the settlements that come back.

/usr/bin/python3 bench/steady_load.py MSG_TYPE RATE SECONDS      (RATE 0: as fast as they can be sent)

Environment: ACTIVEMQ_HOST, ACTIVEMQ_PORT, ACTIVEMQ_USER, ACTIVEMQ_PASSWORD, EPICPROD_OPS_QUEUE, OPSAGENT_SETTLED_TOPIC.
Prints how many were sent and settled, and the time from the first send to the last settlement.
"""
import json
import os
import sys
import threading
import time

import stomp

HOST, PORT = os.environ.get("ACTIVEMQ_HOST", "localhost"), int(os.environ.get("ACTIVEMQ_PORT", "61612"))
LOGIN = (os.environ.get("ACTIVEMQ_USER", "admin"), os.environ.get("ACTIVEMQ_PASSWORD", "admin"))
QUEUE = os.environ.get("EPICPROD_OPS_QUEUE", "/queue/epicprod.ops")
SETTLED = os.environ.get("OPSAGENT_SETTLED_TOPIC", "/topic/epicprod.ops.settled")


class Counter(stomp.ConnectionListener):
    def __init__(self, prefix):
        self.prefix, self.outcomes, self.last = prefix, {}, 0.0
        self.total, self.expected, self.done = 0, None, threading.Event()

    def on_message(self, frame):
        body = json.loads(frame.body)
        if body["request_id"].startswith(self.prefix):
            self.outcomes[body["outcome"]] = self.outcomes.get(body["outcome"], 0) + 1
            self.total, self.last = self.total + 1, time.perf_counter()
            if self.total == self.expected:
                self.done.set()


def connect(listener=None):
    connection = stomp.Connection11([(HOST, PORT)], vhost=HOST, auto_content_length=False)
    if listener:
        connection.set_listener("counter", listener)
    connection.connect(*LOGIN, wait=True)
    return connection


def main(msg_type, rate, seconds):
    prefix = f"load-{os.getpid()}-"
    counter = Counter(prefix)
    hears = connect(counter)
    hears.subscribe(SETTLED, id="1", ack="auto")
    sends = connect()
    count = int(rate * seconds) if rate else int(seconds)
    began = time.perf_counter()
    for n in range(count):
        sends.send(QUEUE, json.dumps({"msg_type": msg_type, "n": str(n), "request_id": f"{prefix}{n}"}))
        if rate:
            time.sleep(max(0.0, began + (n + 1) / rate - time.perf_counter()))
    sent = time.perf_counter() - began
    counter.expected = count
    if counter.total < count:
        counter.done.wait(60)
    took = counter.last - began
    print(f"sent {count} in {sent:.2f} s ({count / sent:.0f}/s); settled {counter.total} {counter.outcomes} in {took:.2f} s ({counter.total / took:.0f}/s)")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))

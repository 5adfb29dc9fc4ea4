"""A web tier with the views of docs/capabilities.md in it, asked as the facility's proxy asks: prints each answer.

web_tier.py JEDITASKID PANDAID MISSING_PANDAID      the second job has no log in the cache
"""
import json
import logging
import sys
import time

import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of no use", MIDDLEWARE=[
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"])
django.setup()
logging.disable()

from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

import log_summary  # noqa: E402

urlpatterns = [
    path("log-summary/<int:jeditaskid>/<int:pandaid>/", log_summary.page),
    path("pcs/api/log-summary/", log_summary.api),
]
proxy = Client(enforce_csrf_checks=True, HTTP_X_REMOTE_USER="alice")


def get_until(url, wanted):
    """Loads a page again and again, as a person does who waits."""
    for _ in range(600):
        answer = proxy.get(url)
        if wanted(answer):
            return answer
        time.sleep(0.1)
    sys.exit(f"{url} came to no end: {answer.status_code} {answer.content}")


def show(what, answer):
    print(what, answer.status_code, answer["Content-Type"].split(";")[0], flush=True)
    return answer


def main(task, job, missing):
    good, bad, api = f"/log-summary/{task}/{job}/", f"/log-summary/{task}/{missing}/", "/pcs/api/log-summary/"
    show("without the slash", proxy.get(good[:-1]))
    waiting = show("page before", proxy.get(good))
    print("it waits for", job if f"waitForSummary({job}," in waiting.content.decode() else "nothing")
    print("summary:", get_until(good + "?look=1", lambda a: a.status_code == 200).json()["summary"])
    show("page after", proxy.get(good))
    show("page without a log", proxy.get(bad))
    print("reason:", get_until(bad + "?look=1", lambda a: a.json()["last_error"]).json()["last_error"])
    given_up = show("page that gives up", get_until(bad, lambda a: a.status_code != 202))
    print("reason:", given_up.content.decode())
    print("tried often enough:", log_summary.read(task, missing, ".error")["attempts"] >= log_summary.MOST_ATTEMPTS)
    asked = show("api", proxy.post(api, json.dumps({"jeditaskid": task, "pandaid": job}), content_type="application/json"))
    print("it names the request:", len(asked.json()["request_id"]))
    show("api with too little", proxy.post(api, "{}", content_type="application/json"))
    show("api asked to show", proxy.get(api))


if __name__ == "__main__":
    main(*sys.argv[1:])

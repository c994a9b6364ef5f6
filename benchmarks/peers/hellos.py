"""The least that a page can be: what the search page is compared with."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "<!doctype html><title>Hello</title><p>Hello."

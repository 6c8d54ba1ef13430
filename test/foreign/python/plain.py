"""A second way to the portal: plain HTTP, which the tests hold against what the package says."""

import http.client
import json
import os
import re
import ssl
import urllib.parse

from portal import ADMIN, URL, environment

REST = "/sharing/rest"


def send(path, form=None, method="POST", headers=None):
    """One request below the portal's address (or to a whole URL); redirects are not followed."""
    target = urllib.parse.urlsplit(path if path.startswith("https://") else URL + path)
    context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    connection = http.client.HTTPSConnection(target.hostname, target.port, context=context, timeout=60)
    where, body = urllib.parse.urlunsplit(("", "", target.path, target.query, "")), None
    headers = dict(headers or {})
    if form is not None:
        body = urllib.parse.urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, where, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def token(username=ADMIN, password=None):
    """A fresh token, for which no client's session stands."""
    form = {"f": "json", "username": username, "password": password or environment("RHUMB_PASSWORD"), "client": "requestip", "expiration": "60"}
    return json.loads(send(REST + "/generateToken", form)[1])["token"]


class Reader:
    """Asks as one member, by default the administrator; anonymous with an empty token."""

    def __init__(self, given=None):
        self.token = token() if given is None else given

    def ask(self, path, **params):
        """The answer of an operation of the sharing API, errors included."""
        form = {"f": "json", **{name: json.dumps(v) if isinstance(v, (dict, list)) else v for name, v in params.items()}}
        if self.token:
            form["token"] = self.token
        return json.loads(send(REST + path, form)[1])

    def bytes(self, path):
        """A file: status, content type and content."""
        query = "?" + urllib.parse.urlencode({"token": self.token}) if self.token else ""
        answer, content = send(REST + path + query, method="GET")
        return answer.status, answer.getheader("Content-Type"), content

    def item(self, item_id):
        return self.ask(f"/content/items/{item_id}")


def fill_in(address, username, password, newer=None):
    """Signs in at an authorize address as a person would, and replaces a password that must be."""
    answer, page = send(address, method="GET")
    if answer.status != 200:
        raise AssertionError(f"authorize answers {answer.status}")
    state = re.search(r'"oauth_state":"([^"]+)"', page.decode())[1]
    answer, page = send(REST + "/oauth2/signin", {"oauth_state": state, "username": username, "password": password})
    if newer and answer.status == 200:
        state = re.search(r'"oauth_state":"([^"]+)"', page.decode())[1]
        form = {"oauth_state": state, "password": password, "newPassword": newer, "newPassword2": newer}
        answer, page = send(REST + "/oauth2/resetPassword", form)
    if answer.status != 302:
        raise AssertionError(f"the page comes again: {answer.status}")
    return answer.getheader("Location")


def code_by_page(address, username, password, newer=None):
    """What the approval page shows to a person who signed in at an authorize address."""
    _, page = send(fill_in(address, username, password, newer), method="GET")
    return re.search(r"<title>SUCCESS code=([^<]+)</title>", page.decode())[1]


def change_by_page(username, password, newer):
    """Signs in on the page with a password that must be changed; the name on the token."""
    client, nowhere = "pythonapi", "urn:ietf:wg:oauth:2.0:oob"
    query = urllib.parse.urlencode({"client_id": client, "response_type": "code", "redirect_uri": nowhere})
    code = code_by_page(f"{URL}{REST}/oauth2/authorize?{query}", username, password, newer)
    form = {"grant_type": "authorization_code", "client_id": client, "redirect_uri": nowhere, "code": code}
    return json.loads(send(REST + "/oauth2/token", form)[1])["username"]

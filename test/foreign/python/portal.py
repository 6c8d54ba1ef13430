"""What the tests share: the portal under test, sessions, members, and unique names.

The driver (../run.sh) starts a fresh portal and names it in the environment.
"""

import base64
import functools
import os
import secrets
import tempfile
import unittest

from arcgis.gis import GIS

RED = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAEElEQVR42mM4IScHRww4OQD1xwwx7+oCFgAAAABJRU5ErkJggg=="
)
BLUE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAEElEQVR42mOQkzsBRww4OQDl1wwx2+WqRgAAAABJRU5ErkJggg=="
)
CSV = 'name,lat,lon\nMüllersee,47.5,8.25\n"Lake, small",46.1,7.5\n'
ID32 = r"^[0-9a-f]{32}$"


def environment(name):
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: run test/foreign/run.sh python")
    return value


URL = environment("RHUMB_URL").rstrip("/")
ADMIN = environment("RHUMB_USER")


def unique(prefix):
    """A name that no other test uses: the tests of one run share a portal."""
    return prefix + secrets.token_hex(5)


def new_password():
    """A password that every policy accepts."""
    return "Aa1-" + secrets.token_hex(12)


def sign_in(username, password, **options):
    return GIS(URL, username, password, set_active=False, **options)


@functools.cache
def admin():
    """The administrator's connection; one for all tests."""
    return sign_in(ADMIN, environment("RHUMB_PASSWORD"))


def create_user(**fields):
    """A new member and the password."""
    password = new_password()
    options = {
        "username": unique("user"),
        "firstname": "Ada",
        "lastname": "Lovelace",
        "email": "ada@example.com",
        "role": "org_publisher",
        "user_type": "creatorUT",
        **fields,
    }
    user = admin().users.create(password=password, **options)
    if user is None:
        raise AssertionError(f"users.create gave no user for {options['username']}")
    return user, password


def member(**fields):
    """A new member's connection."""
    user, password = create_user(**fields)
    return sign_in(user.username, password)


class PortalTest(unittest.TestCase):
    """A test with a folder of its own for files that are sent and received."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, path):
        with open(path, "rb") as source:
            return source.read()

    def assertRefused(self, text):
        """Asserts that the portal refuses, and says so with this text."""
        return self.assertRaisesRegex(Exception, text)

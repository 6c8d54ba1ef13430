"""Portals of a test's own beside the one under test: fresh folders, the certificate of that one."""

import json
import os
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

from portal import environment, new_password

SEEDED = "the demo organization is complete"


class Portal:
    """A running rhumb serve; close ends it."""

    def __init__(self, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        self.user, self.password = environment("RHUMB_USER"), new_password()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"https://127.0.0.1:{port}/portal"
        pair = os.path.join(os.path.dirname(environment("SSL_CERT_FILE")), "server.pem")
        self.log = os.path.join(self.folder.name, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [environment("RHUMB_BINARY"), "serve", "--data", os.path.join(self.folder.name, "data"), "--listen", f"127.0.0.1:{port}",
                 "--tls-cert", pair, "--tls-key", pair, *arguments],
                env={**os.environ, "RHUMB_ADMIN_USER": self.user, "RHUMB_ADMIN_PASSWORD": self.password},
                stdout=log, stderr=subprocess.STDOUT,
            )
        self.seeded = "--seed" not in arguments

    def ready(self):
        """Whether it answers, and holds what it was to be filled with."""
        if not self.seeded:
            with open(self.log, encoding="utf-8") as log:
                self.seeded = SEEDED in log.read()
        try:
            with urllib.request.urlopen(self.url.removesuffix("/portal") + "/healthz", timeout=2, context=ssl.create_default_context()):
                return self.seeded
        except OSError:
            return False

    def wait(self):
        end = time.monotonic() + 120
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > end:
                with open(self.log, encoding="utf-8") as log:
                    raise RuntimeError("the portal does not come up:\n" + log.read()[-2000:])
            time.sleep(0.1)
        return self

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()


def sides(source, target):
    """The environment of a clone from one portal to the other."""
    return {
        **os.environ,
        **{f"RHUMB_{side}_{name}": value for side, p in (("FROM", source), ("TO", target)) for name, value in (("URL", p.url), ("USER", p.user), ("PASSWORD", p.password))},
    }


def rhumb(source, target, verb, *arguments):
    """What rhumb clone printed, by type, and its exit code."""
    out = subprocess.run(
        [environment("RHUMB_BINARY"), "clone", verb, "--from", source.url, "--to", target.url, "--ca", environment("SSL_CERT_FILE"), "--json", *arguments],
        env=sides(source, target), capture_output=True, text=True, check=False,
    )
    lines = [json.loads(line) for line in out.stdout.splitlines()]
    if out.returncode not in (0, 3) or not lines or lines[-1].get("type") != "result":
        raise RuntimeError(f"rhumb clone {verb} ended with {out.returncode}: {out.stderr[-1000:]}")
    return lines, out.returncode

"""Waits until the portal answers: python ready.py URL SECONDS"""

import sys
import time
import urllib.request

url, seconds = sys.argv[1], float(sys.argv[2])
deadline = time.monotonic() + seconds
while True:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            sys.exit(0 if answer.status == 200 else 1)
    except OSError as error:
        if time.monotonic() > deadline:
            sys.exit(f"{url}: {error}")
        time.sleep(0.1)

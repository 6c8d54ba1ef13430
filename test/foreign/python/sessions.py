"""The two portals of a clone, by the variables that rhumb clone reads too: RHUMB_FROM_URL,
RHUMB_FROM_USER, RHUMB_FROM_PASSWORD, and the same with TO.
"""

import os

from arcgis.gis import GIS


def open_portal(side):
    url, user, password = (os.environ[f"RHUMB_{side}_{name}"] for name in ("URL", "USER", "PASSWORD"))
    return GIS(url, user, password, set_active=False)


def both():
    return open_portal("FROM"), open_portal("TO")

"""Look at a page in a headless browser: every control used, every text in its place."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import html

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr",
    "--hide-scrollbars", "--force-device-scale-factor=1",
)  # fmt: skip
PROBE = Path(__file__).with_name("probe.js")


def look(page: str, folder: Path, width: int, theme: str = "light") -> Mapping[str, Any]:
    """Open a page of this width in CSS pixels, use what it has, and return what the probe saw.

    A frame of that width holds the page, since a window cannot be as narrow as a phone.
    """
    name = f"{width}-{theme}.html"
    probe = f"<script>{PROBE.read_text(encoding='utf-8')}; probe('{theme}');</script>"
    (folder / name).write_text(page.replace("</body>", probe + "</body>", 1), encoding="utf-8")
    frame = folder / f"frame-{name}"
    frame.write_text(
        f"<body style='margin:0'><iframe src='{name}' style='border:0' width={width} height=900>"
        "</iframe><script>addEventListener('message', (m) => {"
        "document.body.dataset.told = m.data; });</script></body>"
    )
    found = subprocess.run(  # noqa: S603
        [str(CHROMIUM), *QUIET, "--window-size=1500,1000", f"--user-data-dir={folder}/user",
         "--allow-file-access-from-files", "--virtual-time-budget=60000", "--dump-dom",
         frame.as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    console = [line for line in found.stderr.splitlines() if "CONSOLE" in line]
    told = html.fromstring(found.stdout).xpath("//body/@data-told")
    assert told, f"the page told nothing: {console}"
    return {**json.loads(told[0]), "console": console}

"""The README's requests, run as they stand."""
import subprocess

from harness import ROOT


def test_the_readmes_requests_answer(server):
    text = (ROOT / "README.md").read_text().split("## First requests")[1]
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    script = "\n".join(lines + ['echo']).replace("localhost:8080", server.base.removeprefix("http://"))
    script = script.replace("var/demo/accounts.txt", str(server.folder / "accounts.txt"))
    out = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True).stdout
    assert '"chain":[{"cell":' in out and '"name":"LOOP"' in out.upper().replace('"NAME"', '"name"') and '"hazard_density":{"value":' in out

"""The README's requests, run as they stand: each answer holds the line that the README shows below it."""
import subprocess

from harness import ROOT


def test_the_readmes_requests_answer_as_it_says(server):
    section = (ROOT / "README.md").read_text().split("## First requests")[1].split("\n## ")[0]
    script, expected = [], []
    for line in section.splitlines():
        if line.startswith("    $ "):
            script += [line[6:], "printf '\\036'"]
            expected.append([])
        elif line.startswith("    "):
            expected[-1].append(line.strip())
    here = lambda text: text.replace("localhost:8080", server.base.removeprefix("http://"))  # noqa: E731
    text = here("\n".join(script)).replace("var/demo/accounts.txt", str(server.folder / "accounts.txt"))
    answers = subprocess.run(["sh", "-euc", text], capture_output=True, text=True, check=True).stdout.split("\x1e")
    assert sum(map(len, expected)) >= 5
    for answer, lines in zip(answers, expected):
        for line in lines:
            assert here(line) in answer, f"{line}\nis not in\n{answer[:2000]}"

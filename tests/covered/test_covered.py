"""Run after the others: what they have asked for. TEST_SEEN is the folder in which they left that."""
import os
import pathlib

import contract

SEEN = pathlib.Path(os.environ["TEST_SEEN"])


def test_every_operation_was_seen_by_some_test():
    seen = {name for file in SEEN.glob("[0-9]*") for name in file.read_text().split()}
    missing = {o["operationId"] for methods in contract.DOCUMENT["paths"].values() for o in methods.values()} - seen
    assert missing <= {"SignIn", "SignOut"}, missing  # those are tested without the checking session


def test_the_page_has_chinese_for_every_refusal_that_was_seen():
    """What tests/arch/test_sentences.py finds in the sources, found again in what the server said."""
    untold = {text for file in SEEN.glob("untold.*") for text in file.read_text().splitlines() if text}
    assert not untold, "add lines to web/src/words/refusals:\n" + "\n".join(sorted(untold))

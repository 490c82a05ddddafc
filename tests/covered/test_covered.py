"""Run after the others: what they have asked for. TEST_SEEN is the folder in which they left that."""
import os
import pathlib

import contract


def test_every_operation_was_seen_by_some_test():
    seen = {name for file in pathlib.Path(os.environ["TEST_SEEN"]).iterdir() for name in file.read_text().split()}
    missing = {o["operationId"] for methods in contract.DOCUMENT["paths"].values() for o in methods.values()} - seen
    assert missing <= {"SignIn", "SignOut"}, missing  # those are tested without the checking session

"""How long hazards take, whether they come again and what the official tables say of them, from kept counts: equal to what the events say, whatever was written, corrected, withdrawn or moved since, folded or not."""
import datetime
import random
import subprocess
import uuid

import pytest

from test_import_moves import EAST, NEW_WEST, PLACES, World, change

MEASURES = "rectification_rate,time_to_rectify,recurrence_90d"
WINDOWS = [("2020-01-01", "2025-01-01"), ("2021-12-15", "2022-03-02"), ("2023-02-28", "2024-01-01"), ("2024-05-01", "2024-05-02")]
TABLES = [{"year": 2021, "month": 12}, {"year": 2022, "quarter": 2}, {"year": 2023, "month": 1}, {"year": 2024, "quarter": 4}]
MODES = [{}, {"mode": "as_is"}, {"mode": "as_of", "as_of": "2021-12-31"}, {"mode": "as_of", "as_of": "2023-07-01"}]


class Book(World):
    """A world whose hazards are written one at a time, at random."""

    def __init__(self, server, name, seed):
        super().__init__(server, name)
        self.random, self.forms, self.hazards = random.Random(seed), random.Random(seed), []
        self.units = [u["id"] for u in self.get("enterprises", district=self.district, at="2024-06-01")["items"]]

    def day(self, first=datetime.date(2021, 1, 1), days=1400):
        return (first + datetime.timedelta(days=self.random.randrange(days))).isoformat()

    def facts(self, found):
        closed = self.random.random() < 0.7
        return {"enterprise": self.random.choice(self.units), "category": self.random.choice(["用电", "消防", None]), "source": self.random.choice(["patrol", "inspection"]),
                "grade": self.random.choice(["general", "major"]), "closed_on": (datetime.date.fromisoformat(found) + datetime.timedelta(days=self.random.randrange(120))).isoformat() if closed else None}

    def form(self, found):
        """What the official tables ask of a hazard besides; some are listed years after they were found."""
        listed = self.forms.random() < 0.8
        return {"in_plan": self.forms.choice([True, True, True, None]), "five_in_place": self.forms.choice([True, True, True, False]), "funds_yuan": self.forms.choice([None, 1234.56, 0.01 * self.forms.randrange(10**9)]),
                "listed_on": (datetime.date.fromisoformat(found) + datetime.timedelta(days=self.forms.randrange(500))).isoformat() if listed else None,
                "listed_by": self.forms.choice(["province", "district"]) if listed else None}

    def write(self):
        """One of: a new hazard, a correction, a withdrawal, an enterprise that moves."""
        what, url = self.random.random(), f"{self.server.base}/api/v1/hazards"
        if what < 0.55 or not self.hazards:
            found = self.day()
            body = {"id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)), "district": self.district, "day": found, **self.facts(found)}
            answer = self.me.post(url, json=body)
            self.hazards.append((body["id"], found))
        elif what < 0.85:
            i = self.random.randrange(len(self.hazards))
            found = self.hazards[i][1] if self.random.random() < 0.5 else self.day()
            answer = self.me.patch(f"{url}/{self.hazards[i][0]}", json={"day": found, **self.facts(found), **self.form(found)}, headers={"If-Match": "*"})
            self.hazards[i] = (self.hazards[i][0], found)
        elif what < 0.93:
            one, _ = self.hazards.pop(self.random.randrange(len(self.hazards)))
            answer = self.me.delete(f"{url}/{one}", params={"reason": "误录"}, headers={"If-Match": "*"})
        else:
            answer = change(self, **{"from": self.day(), "lon": PLACES[self.random.choice([EAST, NEW_WEST])], "lat": 30.05})
        assert answer.status_code in (200, 201, 204), answer.text

    def figures(self, **query):
        answer = self.get("figures", within=f"code:{self.scheme}:990906", level="village", measures=MEASURES, **query)
        rows = [*answer["rows"], *answer["direct"], answer["unplaced"]]
        return [(r["cell"] and r["cell"]["id"], name, f["value"], f["numerator"], f["denominator"], f["low"], f["high"], f.get("detail")) for r in rows for name, f in r["figures"].items() if f["denominator"]]

    def table(self, **query):
        answer = self.get("reports/hazards", within=f"code:{self.scheme}:990906", **query)
        return [((r.get("cell") or {}).get("id"), r.get("industry"), r["period"], r["cumulative"]) for r in [answer["total"], *answer["rows"]]]

    def compare_tables(self, tables=TABLES, modes=MODES):
        """Each official table is that which is counted from the events as known now."""
        now, seen = datetime.datetime.now(datetime.timezone.utc).isoformat(), dict.fromkeys(("units", "major_rectified", "general_rectified", "in_plan", "five_in_place", "listed", "funds_wan_yuan"), 0)
        for i, asked in enumerate(tables):
            for j, mode in enumerate(modes):
                by = {"by": "area", "level": "village"} if (i + j) % 2 else {}
                kept = self.table(**asked, **mode, **by)
                assert kept == self.table(known_at=now, **asked, **mode, **by), (asked, mode, by)
                for column in seen:
                    seen[column] += kept[0][3][column]
        return seen

    def compare(self):
        """Each figure is that which is counted from the events as known now."""
        now, seen = datetime.datetime.now(datetime.timezone.utc).isoformat(), 0
        self.compare_tables()
        for begin, end in WINDOWS:
            for mode in MODES:
                for more in ({}, {"source": "patrol"}, {"grade": "major"}):
                    query = {"from": begin, "to": end, **mode, **more}
                    kept = self.figures(**query)
                    assert kept == self.figures(known_at=now, **query), query
                    seen += len(kept)
        assert seen > 100
        self.check()

    def fold(self):
        """Under a new version, so that no answer is a kept one."""
        done = subprocess.run(["psql", self.server.database, "-XqAtc", f"begin; select fold({self.district}); select bump({self.district}, false); commit"], capture_output=True, text=True)
        assert done.returncode == 0 and int(done.stdout.split()[0]) > 0, done.stderr


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_kept_is_what_the_events_say(server, seed):
    book = Book(server, f"book-{seed}", seed)
    for _ in range(70):  # fewer than make the 500 rows at which the server folds by itself
        book.write()
    book.compare()  # nothing folded since the import
    book.fold()
    book.compare()
    for _ in range(40):
        book.write()
    book.compare()  # both
    book.fold()
    book.compare()  # a second book, from the first and what changed
    assert all(book.compare_tables().values())


def test_a_table_that_runs_counts_up_to_today(server):
    """What is kept by months knows no days: what was closed, or listed, on a day of this month that is still to come does not count yet."""
    book = Book(server, "runs", 5)
    today = datetime.date.fromisoformat(next(d["today"] for d in book.get("districts")["items"] if d["id"] == book.district))
    first, last = today.replace(day=1), (today.replace(day=28) + datetime.timedelta(days=4)).replace(day=1) - datetime.timedelta(days=1)
    running = [{"year": today.year, "month": today.month}, {"year": today.year, "quarter": (today.month + 2) // 3}]
    for closed in (first, today, last):
        body = {"id": str(uuid.uuid4()), "district": book.district, "day": first.isoformat(), "enterprise": book.units[0], "source": "patrol", "grade": "general", "closed_on": closed.isoformat()}
        assert book.me.post(f"{server.base}/api/v1/hazards", json=body).status_code == 201
    for folded in (False, True):
        if folded:
            book.fold()
        book.compare_tables(running, [{}])
        for asked in running:
            total = book.table(**asked)[0]
            assert total[2]["general_found"] == total[3]["general_found"] == 3 and total[2]["general_rectified"] == total[3]["general_rectified"] == (3 if today == last else 2)


def test_what_is_made_anew_is_the_same(server):
    """The book in memory hears of blocks that were made anew, and of those that are empty now."""
    book = Book(server, "anew", 4)
    for _ in range(60):
        book.write()
    book.fold()
    book.compare()
    while book.hazards:
        one, _ = book.hazards.pop()
        assert book.me.delete(f"{server.base}/api/v1/hazards/{one}", params={"reason": "误录"}, headers={"If-Match": "*"}).status_code == 204
    before = book.figures(**{"from": "2020-01-01", "to": "2025-01-01"})
    done = subprocess.run(["psql", server.database, "-Xqc", f"begin; select tally_rebuild({book.district}); select bump({book.district}, false); commit"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert book.figures(**{"from": "2020-01-01", "to": "2025-01-01"}) == before and {f[4] for f in before if f[1] == "rectification_rate"} <= {1, 2, 3, 4}
    book.check()

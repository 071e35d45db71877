#!/usr/bin/env python3
"""Asks 100 generated questions about the flights of shoal and of DuckDB, and compares the answers.

Filters are seeded; at least half of them must let between 1 % and 99 % of the rows pass, which is checked. Counts,
sums and extremes of integers must be equal, means to 12 digits.
"""
import concurrent.futures
import datetime
import json
import math
import os
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".deps" / "oracle"))
FLIGHTS = ROOT / ".deps" / "data" / "flights-3m.parquet"
ROWS = 3_000_000
QUESTIONS = 100
SEED = 3
AIRPORTS = ["ATL", "ORD", "DFW", "LAX", "PHX", "STL", "DTW", "MSP", "LAS", "SFO", "OAK", "BOS", "JFK", "ABE", "XXX"]
PATTERNS = ["S%", "%A", "%O%", "_A_", "L_S", "%", "D%W", "A%"]
AGGREGATES = ["sum(distance)", "sum(delay)", "min(delay)", "max(delay)", "min(distance)", "max(distance)",
              "mean(delay)", "mean(distance)", "min(date)", "max(date)", "count(origin)"]


class Filters:
    """Writes filters in the SQL that shoal and DuckDB share."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def quoted(self, text):
        return f"'{text}'"

    def number_test(self):
        column, low, high = self.random.choice([("delay", -30, 90), ("distance", 100, 2500)])
        a = self.random.randint(low, high)
        b = self.random.randint(low, high)
        form = self.random.randrange(6)
        if form == 0:
            return f"{column} BETWEEN {min(a, b)} AND {max(a, b)}"
        if form == 1:
            values = ", ".join(str(self.random.randint(low, high)) for _ in range(self.random.randint(1, 6)))
            return f"{column} {self.random.choice(['IN', 'NOT IN'])} ({values})"
        if form == 2:
            return f"{column} {self.random.choice(['<', '>='])} {a + self.random.choice([0.5, 0.25, 0.0])}"
        return f"{column} {self.random.choice(['<', '<=', '>', '>=', '=', '<>'])} {a}"

    def text_test(self):
        column = self.random.choice(["origin", "destination"])
        form = self.random.randrange(4)
        if form == 0:
            airports = ", ".join(map(self.quoted, self.random.sample(AIRPORTS, self.random.randint(1, 6))))
            return f"{column} {self.random.choice(['IN', 'NOT IN'])} ({airports})"
        if form == 1:
            return f"{column} {self.random.choice(['LIKE', 'NOT LIKE'])} {self.quoted(self.random.choice(PATTERNS))}"
        if form == 2:
            return f"{column} {self.random.choice(['<', '>='])} {self.quoted(self.random.choice(AIRPORTS))}"
        return f"{column} {self.random.choice(['=', '<>'])} {self.quoted(self.random.choice(AIRPORTS))}"

    def time_test(self):
        moment = datetime.datetime(2001, 1, 1) + datetime.timedelta(minutes=self.random.randint(0, 181 * 1440))
        return f"date {self.random.choice(['<', '<=', '>', '>='])} TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"

    def arithmetic_test(self):
        factor = self.random.randint(2, 12)
        return self.random.choice([
            f"delay * {factor} > distance - {self.random.randint(0, 1000)}",
            f"distance + delay < {self.random.randint(200, 2500)}",
            f"distance - {factor} * delay >= {self.random.randint(0, 1500)}",
        ])

    def null_test(self):
        return f"{self.random.choice(['delay', 'origin'])} {self.random.choice(['IS NULL', 'IS NOT NULL'])}"

    def test(self):
        makers = [self.number_test, self.text_test, self.time_test, self.arithmetic_test, self.null_test]
        return self.random.choices(makers, weights=[8, 5, 3, 2, 1])[0]()

    def filter(self, depth=2):
        form = self.random.randrange(10)
        if depth == 0 or form < 4:
            return self.test()
        if form == 4:
            return f"NOT ({self.filter(depth - 1)})"
        word = " AND " if form < 8 else " OR "
        return "(" + word.join(self.filter(depth - 1) for _ in range(self.random.randint(2, 3))) + ")"

    def aggregates(self):
        return ["count", *self.random.sample(AGGREGATES, 3)]


def answer_of_duckdb(connection, condition, aggregates):
    selected = ", ".join("count(*)" if word == "count" else word for word in aggregates)
    row = connection.execute(f"SELECT {selected} FROM flights WHERE {condition}").fetchone()
    return [value.isoformat() if isinstance(value, datetime.datetime) else value for value in row]


def answer_of_shoal(program, condition, aggregates):
    done = subprocess.run([program, "query", FLIGHTS, "--filter", condition, "--agg", ", ".join(aggregates), "--json"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"error": {"message": done.stderr.strip() or f"exit code {done.returncode}"}}


def equal(ours, theirs):
    if isinstance(ours, float) or isinstance(theirs, float):
        return None not in (ours, theirs) and math.isclose(ours, theirs, rel_tol=1e-12)
    return ours == theirs


def disagreement(answer, expected):
    """Why shoal's answer is not DuckDB's; None when it is."""
    if "error" in answer:
        return answer["error"]["message"]
    if len(answer["rows"]) != 1 or len(answer["rows"][0]) != len(expected):
        return f"it answers {answer['rows']}"
    if not all(map(equal, answer["rows"][0], expected)):
        return f"it answers {answer['rows'][0]}"
    if answer["rows_passed"] != expected[0] or answer["rows_scanned"] != ROWS:
        return f"it scanned {answer['rows_scanned']} rows, of which {answer['rows_passed']} passed"
    return None


def main():
    import duckdb
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "shoal")
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE flights AS SELECT * FROM '{FLIGHTS}'")
    filters = Filters(SEED)
    questions = [(filters.filter(), filters.aggregates()) for _ in range(QUESTIONS)]
    expected = [answer_of_duckdb(connection, *question) for question in questions]
    failed = selective = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda question: answer_of_shoal(program, *question), questions)
        for (condition, aggregates), answer, right in zip(questions, answers, expected):
            selective += 0.01 * ROWS <= right[0] <= 0.99 * ROWS
            reason = disagreement(answer, right)
            if reason:
                failed += 1
                print(f"failed  {', '.join(aggregates)} WHERE {condition}\n        {reason}\n        DuckDB answers {right}")
    print(f"{selective} of {QUESTIONS} filters let between 1 % and 99 % of the rows pass.")
    if 2 * selective < QUESTIONS:
        failed += 1
        print("failed  At least half of the filters must. Change how they are generated.")
    print(f"{QUESTIONS - min(failed, QUESTIONS)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

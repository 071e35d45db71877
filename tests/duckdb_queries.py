#!/usr/bin/env python3
"""Asks generated questions of shoal and of DuckDB, and compares the answers.

    python3 tests/duckdb_queries.py [PROGRAM]

100 of the flights, 80 of a table with nulls, wide integers, floats, old times and several chunks (make_data.py), the first
rows of 20 filters of each, and 23 pictures of the second. Filters are seeded; at least half of those of each table must let between 1 % and 99 % of the
rows pass, which is checked. Counts, sums and extremes of integers must be equal, means and floats to 12 digits.
"""
import concurrent.futures
import dataclasses
import datetime
import json
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import make_data

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".deps" / "oracle"))
SEED = 3
AIRPORTS = ["ATL", "ORD", "DFW", "LAX", "PHX", "STL", "DTW", "MSP", "LAS", "SFO", "OAK", "BOS", "JFK", "ABE", "XXX"]
PICTURES = 20
ROW_QUESTIONS = 20  # of a table
LIMITS = [1, 10, 1000, 20_000]
AXES = [("place", "small"), ("moment", "big"), ("price", "name"), ("block", "flag")]
# Filters that pass exactly the rows of some blocks of 4,096, and of which a block has one row.
AT_BLOCKS = [(("place", "big"), "block <= 38"), (("place", "big"), "block >= 38"), (("moment", "small"), "place = 12288")]
MOST_COLUMNS = 6  # that one pass over the rows reads


@dataclasses.dataclass
class Table:
    """A file, and what can be asked of it."""
    name: str
    file: pathlib.Path
    questions: int
    numbers: list  # (column, lowest and highest constant)
    texts: list  # (column, words, patterns)
    times: list  # (column, first moment, minutes that follow)
    arithmetic: list  # of conditions with places for a factor of 2 to 12 and a number of 0 to 1,500
    nulls: list
    aggregates: list
    columns: list
    booleans: list = dataclasses.field(default_factory=list)


FLIGHTS = Table(
    "flights", ROOT / ".deps" / "data" / "flights-3m.parquet", 100,
    numbers=[("delay", -30, 90), ("distance", 100, 2500)],
    texts=[(column, AIRPORTS, ["S%", "%A", "%O%", "_A_", "L_S", "%", "D%W", "A%"]) for column in ("origin", "destination")],
    times=[("date", datetime.datetime(2001, 1, 1), 181 * 1440)],
    arithmetic=["delay * {factor} > distance - {number}", "distance + delay < {number} + 500",
                "distance - {factor} * delay >= {number}"],
    nulls=["delay", "origin"],
    aggregates=["sum(distance)", "sum(delay)", "min(delay)", "max(delay)", "min(distance)", "max(distance)",
                "mean(delay)", "mean(distance)", "min(date)", "max(date)", "count(origin)"],
    columns=["date", "delay", "distance", "origin", "destination"])

MIXED = Table(
    "mixed", ROOT / "build" / "testdata" / "cases" / make_data.MIXED, 80,
    numbers=[("place", 0, make_data.MIXED_ROWS // 3), ("small", -100, 100), ("big", -10**17, 9 * 10**17),
             ("price", -200, 1200), ("block", 0, make_data.MIXED_ROWS // 4096)],
    texts=[("name", ["name 7", "name 70", "name 200", "nobody", ""], ["%7", "name 1%", "%", "name __", ""]),
           ("color", ["red", "green", "blue", "pink"], ["%e%", "r__", "gr%"])],
    times=[("moment", datetime.datetime(1969, 12, 31), 3 * 1440)],
    arithmetic=["place - small < {factor}{number}", "{factor} * block + small < place - {number}",
                "big - place >= {number}", "big - place - big >= 5000 - {number}{factor}"],
    nulls=["small", "big", "price", "name", "moment", "flag"],
    booleans=["flag", "NOT flag", "flag IS TRUE", "flag IS NOT TRUE", "flag = false"],
    aggregates=["sum(small)", "sum(big)", "sum(place)", "min(small)", "max(small)", "min(big)", "max(big)", "mean(big)",
                "mean(small)", "sum(price)", "min(price)", "max(price)", "mean(price)", "min(moment)", "max(moment)",
                "min(name)", "max(name)", "min(color)", "count(small)", "count(name)", "count(flag)", "min(place)",
                "max(place)", "min(block)", "max(block)"],
    columns=["place", "small", "big", "price", "name", "color", "moment", "flag", "block"])


class Filters:
    """Writes filters in the SQL that shoal and DuckDB share."""

    def __init__(self, table, seed):
        self.table = table
        self.random = random.Random(seed)

    def quoted(self, text):
        return f"'{text}'"

    def number_test(self):
        column, low, high = self.random.choice(self.table.numbers)
        a = self.random.randint(low, high)
        b = self.random.randint(low, high)
        form = self.random.randrange(6)
        if form == 0:
            return f"{column} BETWEEN {min(a, b)} AND {max(a, b)}"
        if form == 1:
            values = ", ".join(str(self.random.randint(low, high)) for _ in range(self.random.randint(1, 6)))
            return f"{column} {self.random.choice(['IN', 'NOT IN'])} ({values})"
        if form == 2:
            return f"{column} {self.random.choice(['<', '>='])} {a}{self.random.choice(['.5', '.25', '.0'])}"
        return f"{column} {self.random.choice(['<', '<=', '>', '>=', '=', '<>'])} {a}"

    def text_test(self):
        column, words, patterns = self.random.choice(self.table.texts)
        form = self.random.randrange(4)
        if form == 0:
            chosen = ", ".join(map(self.quoted, self.random.sample(words, self.random.randint(1, min(6, len(words))))))
            return f"{column} {self.random.choice(['IN', 'NOT IN'])} ({chosen})"
        if form == 1:
            return f"{column} {self.random.choice(['LIKE', 'NOT LIKE'])} {self.quoted(self.random.choice(patterns))}"
        if form == 2:
            return f"{column} {self.random.choice(['<', '>='])} {self.quoted(self.random.choice(words))}"
        return f"{column} {self.random.choice(['=', '<>'])} {self.quoted(self.random.choice(words))}"

    def time_test(self):
        column, first, minutes = self.random.choice(self.table.times)
        moment = first + datetime.timedelta(minutes=self.random.randint(0, minutes))
        return f"{column} {self.random.choice(['<', '<=', '>', '>='])} TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}'"

    def arithmetic_test(self):
        condition = self.random.choice(self.table.arithmetic)
        return condition.format(factor=self.random.randint(2, 12), number=self.random.randint(0, 1500))

    def null_test(self):
        return f"{self.random.choice(self.table.nulls)} {self.random.choice(['IS NULL', 'IS NOT NULL'])}"

    def boolean_test(self):
        return self.random.choice(self.table.booleans)

    def test(self):
        makers = [(self.number_test, 8), (self.text_test, 5), (self.time_test, 3), (self.arithmetic_test, 2),
                  (self.null_test, 1), (self.boolean_test, 2 if self.table.booleans else 0)]
        return self.random.choices([maker for maker, _ in makers], weights=[weight for _, weight in makers])[0]()

    def filter(self, depth=2):
        form = self.random.randrange(10)
        if depth == 0 or form < 4:
            return self.test()
        if form == 4:
            return f"NOT ({self.filter(depth - 1)})"
        word = " AND " if form < 8 else " OR "
        return "(" + word.join(self.filter(depth - 1) for _ in range(self.random.randint(2, 3))) + ")"

    def filter_beside(self, columns):
        """A filter that with these columns reads no more of them than one pass over the rows can."""
        names = {column for column, *_ in self.table.numbers + self.table.texts + self.table.times} | set(self.table.nulls)
        while True:
            condition = self.filter()
            if len((names & set(re.findall(r"\w+", condition))) | set(columns)) <= MOST_COLUMNS:
                return condition

    def aggregates(self):
        return ["count", *self.random.sample(self.table.aggregates, 3)]


@dataclasses.dataclass
class Question:
    """Aggregates of the rows that pass a filter, and what DuckDB answers."""
    table: Table
    rows: int
    condition: str
    aggregates: list
    right: list

    def __str__(self):
        return f"{', '.join(self.aggregates)} FROM {self.table.name} WHERE {self.condition}"

    def passed(self):
        return self.right[0]

    def disagreement(self, program):
        """Why shoal's answer is not DuckDB's; None when it is."""
        answer = run(program, ["query", self.table.file, "--filter", self.condition, "--agg", ", ".join(self.aggregates)])
        if "error" in answer:
            return answer["error"]["message"]
        if len(answer["rows"]) != 1 or len(answer["rows"][0]) != len(self.right):
            return f"it answers {answer['rows']}"
        if not all(map(equal, answer["rows"][0], self.right)):
            return f"it answers {answer['rows'][0]}"
        if answer["rows_passed"] != self.passed() or answer["rows_scanned"] != self.rows:
            return f"it scanned {answer['rows_scanned']} rows, of which {answer['rows_passed']} passed"
        return None


@dataclasses.dataclass
class PictureQuestion:
    """What becomes of the rows that pass a filter in a picture: all are drawn, null or outside."""
    table: Table
    condition: str
    x: str
    y: str
    right: list  # passed, and of those null

    def __str__(self):
        return f"a picture of {self.x} and {self.y} FROM {self.table.name} WHERE {self.condition}"

    def passed(self):
        return self.right[0]

    def disagreement(self, program):
        with tempfile.TemporaryDirectory() as folder:
            answer = run(program, ["render", self.table.file, "-x", self.x, "-y", self.y, "--filter", self.condition,
                                   "--size", "300x200", "-o", f"{folder}/picture.png"])
        if "error" in answer:
            return answer["error"]["message"]
        found = [answer["rows_drawn"] + answer["rows_null"] + answer["rows_outside"], answer["rows_null"]]
        return None if found == self.right and answer["rows_outside"] == 0 else f"it answers {answer}"


@dataclasses.dataclass
class RowsQuestion:
    """The first rows that pass a filter, in the order of the file."""
    table: Table
    condition: str
    columns: list
    limit: int
    rows_passed: int
    right: list

    def __str__(self):
        return f"{', '.join(self.columns)} FROM {self.table.name} WHERE {self.condition} LIMIT {self.limit}"

    def passed(self):
        return self.rows_passed

    def disagreement(self, program):
        answer = run(program, ["query", self.table.file, "--filter", self.condition, "--limit", str(self.limit),
                               "--columns", ", ".join(self.columns)])
        if "error" in answer:
            return answer["error"]["message"]
        if answer["columns"] != self.columns or answer["rows_passed"] != self.rows_passed:
            return f"it answers {answer['columns']}, {answer['rows_passed']} rows passed"
        if len(answer["rows"]) != len(self.right):
            return f"it answers {len(answer['rows'])} rows of {len(self.right)}"
        for number, (ours, theirs) in enumerate(zip(answer["rows"], self.right)):
            if len(ours) != len(theirs) or not all(map(equal, ours, theirs)):
                return f"its row {number} is {ours}, and should be {theirs}"
        return None


def run(program, arguments):
    done = subprocess.run([program, *arguments, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=180)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"error": {"message": done.stderr.strip() or f"exit code {done.returncode}"}}


def equal(ours, theirs):
    if isinstance(ours, float) or isinstance(theirs, float):
        return None not in (ours, theirs) and math.isclose(ours, theirs, rel_tol=1e-12)
    return ours == theirs


def ask_duckdb(connection, table, condition, words):
    selected = ", ".join("count(*)" if word == "count" else word for word in words)
    return as_json(connection.execute(f"SELECT {selected} FROM {table.name} WHERE {condition}").fetchone())


def as_json(row):
    return [value.isoformat() if isinstance(value, datetime.date) else value for value in row]


def rows_question(connection, table, filters):
    condition = filters.filter_beside([])
    columns, limit = filters.random.sample(table.columns, filters.random.randint(1, len(table.columns))), filters.random.choice(LIMITS)
    passed = ask_duckdb(connection, table, condition, ["count"])[0]
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table.name} WHERE {condition} "
                              f"ORDER BY file_row_number LIMIT {limit}").fetchall()
    return RowsQuestion(table, condition, columns, limit, passed, list(map(as_json, rows)))


def questions():
    """All of them, with what is right."""
    import duckdb
    make_data.make_data(MIXED.file.parent)
    connection = duckdb.connect()
    for table in (MIXED, FLIGHTS):
        connection.execute(f"CREATE TABLE {table.name} AS FROM read_parquet('{table.file}', file_row_number = true)")
        rows = connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        filters = Filters(table, SEED)
        for _ in range(table.questions):
            condition, words = filters.filter_beside(["one an aggregate reads"]), filters.aggregates()
            yield Question(table, rows, condition, words, ask_duckdb(connection, table, condition, words))
        for _ in range(ROW_QUESTIONS):
            yield rows_question(connection, table, filters)
        pictures = [(axes, filters.filter_beside(axes)) for axes in filters.random.choices(AXES, k=PICTURES)]
        for (x, y), condition in pictures + AT_BLOCKS if table is MIXED else []:
            yield PictureQuestion(table, condition, x, y, ask_duckdb(
                connection, table, condition, ["count", f"count(*) FILTER ({x} IS NULL OR {y} IS NULL)"]))


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "shoal")
    asked = list(questions())
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for question, reason in zip(asked, pool.map(lambda question: question.disagreement(program), asked)):
            if reason:
                failed += 1
                print(f"failed  {question}\n        {reason}\n        DuckDB answers {str(question.right)[:2000]}", flush=True)
    checks = 0
    for table in (FLIGHTS, MIXED):
        of_table = [question for question in asked if question.table is table and isinstance(question, Question)]
        selective = sum(0.01 * question.rows <= question.passed() <= 0.99 * question.rows for question in of_table)
        print(f"{selective} of {len(of_table)} filters of {table.name} let between 1 % and 99 % of the rows pass.")
        checks += 1
        if 2 * selective < len(of_table):
            failed += 1
            print("failed  At least half of the filters must. Change how they are generated.")
    print(f"{len(asked) + checks - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

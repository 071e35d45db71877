"""DuckDB's answers for filter_oracle_test.cpp.

Reads a file whose sections are separated by lines '--': statements that make table t with a column row_id, then
one condition a line. Prints one line for each condition: the kept row ids, or 'error: ' and DuckDB's message.
"""
import sys

import duckdb


def answer(connection, condition):
    try:
        rows = connection.execute(f"SELECT row_id FROM t WHERE {condition} ORDER BY row_id").fetchall()
        return " ".join(str(row[0]) for row in rows)
    except duckdb.Error as error:
        return "error: " + " ".join(str(error).split())


def main(path):
    with open(path, encoding="utf-8") as file:
        statements, conditions = file.read().split("\n--\n")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET threads = 1")
    for statement in statements.splitlines():
        connection.execute(statement)
    for condition in conditions.splitlines():
        print(answer(connection, condition))


main(sys.argv[1])

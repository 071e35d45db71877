import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, UiCommand, ViewState } from "../src/messages";
import { Questions } from "../src/view/questions";

function told(questions: Questions, answer: string): void {
  const json = `{"rows_drawn": 3, "answer": ${answer}}`;
  questions.take(JSON.parse(json) as ViewState, json);
}

function setUp(): { questions: Questions; sent: UiCommand[]; ask: (aggregates: string) => Promise<Answer> } {
  const questions = new Questions();
  const sent: UiCommand[] = [];
  const ask = (aggregates: string): Promise<Answer> => questions.ask("a > 1", aggregates, (said) => sent.push(said));
  return { questions, sent, ask };
}

test("each question gets its own answer, once", async () => {
  const { questions, sent, ask } = setUp();
  const first = ask("count");
  const second = ask("sum(a)");
  assert.deepEqual(sent, [
    { query: { id: 1, filter: "a > 1", aggregates: "count" } },
    { query: { id: 2, filter: "a > 1", aggregates: "sum(a)" } },
  ]);
  told(questions, "null");
  told(questions, '{"id": 2, "rows": [[5]]}');
  told(questions, '{"id": 2, "rows": [[6]]}');
  told(questions, '{"id": 1, "error": {"code": "not_found", "message": "There is no column \'a\'."}}');
  assert.deepEqual(await second, { id: 2, rows: [[5]] });
  assert.deepEqual(await first, { id: 1, error: { code: "not_found", message: "There is no column 'a'." } });
});

test("whole numbers keep their digits", async () => {
  const { questions, ask } = setUp();
  const answer = ask("max(a)");
  told(
    questions,
    '{"id": 1, "rows": [[18446744073709551615, -9007199254740993, 9007199254740991, 1e300, "NaN", null]]}',
  );
  assert.deepEqual(await answer, {
    id: 1,
    rows: [[18446744073709551615n, -9007199254740993n, 9007199254740991, 1e300, "NaN", null]],
  });
});

test("what nobody will answer is refused", async () => {
  const { questions, ask } = setUp();
  const answer = ask("count");
  questions.giveUp("Another file was opened.");
  await assert.rejects(answer, /Another file was opened\./);
  told(questions, '{"id": 1, "rows": [[5]]}');
});

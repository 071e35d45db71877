// Questions about the rows, on their way to the core and back. The core answers one after the other; an answer stands in
// the state until the next one.

import type { Answer, UiCommand, ViewState } from "../messages";

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

export class Questions {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  ask(filter: string, aggregates: string, send: (command: UiCommand) => void): Promise<Answer> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      send({ query: { id, filter, aggregates } });
    });
  }

  /** `json`: what `state` was read from. */
  take(state: ViewState, json: string): void {
    const waiting = state.answer && this.waiting.get(state.answer.id);
    if (!waiting) return;
    this.waiting.delete(state.answer!.id);
    waiting.resolve((JSON.parse(json, keepDigits) as ViewState).answer!);
  }

  /** Nobody will answer what still waits. */
  giveUp(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
  }
}

/** Whole numbers that a double cannot hold become bigint, where the browser gives a reviver the digits. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const digits = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || !digits || !/^-?\d+$/.test(digits)) return value;
  return BigInt(digits);
}

import type { KohtaEvent } from '@kohta/client';

export interface Step {
  readonly seq: number;
  readonly title: string;
  readonly at: number;
}

/** The pages from which the customer wrote, newest first, each once in a row, at most five. */
export function pagesOf(events: readonly KohtaEvent[]): readonly Step[] {
  const steps: Step[] = [];
  for (const event of events) {
    if (event.kind !== 'message' || !event.page) continue;
    const title = event.page.title.trim() || event.page.url;
    const last = steps.at(-1);
    const step = { seq: event.seq, title, at: Date.parse(event.at) };
    if (last?.title === title) steps[steps.length - 1] = step;
    else steps.push(step);
  }
  return steps.reverse().slice(0, 5);
}

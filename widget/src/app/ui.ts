import { cell } from './cell.ts';

/** What belongs to the screen alone: what is being filled in, and where the focus goes. */

/** The log rests at its newest line. */
export const atEnd = cell(true);
/** News came below what is in view. */
export const news = cell(false);
/** The past takes so long to come that it is worth a sign. */
export const slow = cell(false);
/** What is being written was found too long. */
export const long = cell(false);
/** The rating that is being given. */
export const rating = cell({ score: 0, comment: '' });
/** The forms that are being filled in, by row: what stands in the fields, and which were found wanting. */
export const filled = cell<Readonly<Record<string, { values: Readonly<Record<string, string>>; wrong: readonly string[] }>>>({});
/** The customer has just asked for a form, or sent one that may come back; the focus goes with it. */
export const wish = { form: false };

const DRAFT = 'kohta.draft';

/** What is being written; kept by window until it is sent. */
export const draft = cell(kept());

function kept(): string {
  try {
    return sessionStorage.getItem(DRAFT) ?? '';
  } catch {
    return '';
  }
}

export function write(text: string): void {
  draft.value = text;
  try {
    sessionStorage.setItem(DRAFT, text);
  } catch {
    // full or blocked: it lives as long as the page
  }
}

export const MESSAGE = '#message';

/** Moves the focus to what fits this selector, once the screen is drawn. */
export function focus(selector: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(selector)?.focus());
}

/** Moves the focus to where one goes on: to Message, or with a finger to the log, since nobody asked for the keyboard. */
export function home(): void {
  const writing = document.activeElement?.id === MESSAGE.slice(1);
  focus(!writing && matchMedia('(pointer: coarse)').matches ? '.log' : MESSAGE);
}

/** After each drawing: if what had the focus is gone, and nobody has moved the focus on, it is moved home. */
export function hold(had: Element | null): void {
  if (had && !had.isConnected) setTimeout(() => { if (document.activeElement === document.body) home(); });
}

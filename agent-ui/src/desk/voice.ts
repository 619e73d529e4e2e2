import { type Signal, signal } from '@preact/signals';

const tellsEvery = 5_000;

/** What a screen reader is given to read, once each. */
export class Voice {
  /** When there is room for it. */
  readonly said: Signal<string> = signal('');
  /** At once, whatever it is reading. */
  readonly alarm: Signal<string> = signal('');
  readonly #wrote = new Set<string>();
  #resting = false;

  say(words: string): void {
    if (words !== '') this.said.value = again(words, this.said.peek());
  }

  cry(words: string): void {
    if (words !== '') this.alarm.value = again(words, this.alarm.peek());
  }

  /** Who wrote, by name; not oftener than one can listen to, and those who wrote meanwhile together. */
  tell(names: readonly string[], words: (names: string) => string): void {
    for (const name of names) this.#wrote.add(name);
    if (this.#wrote.size === 0 || this.#resting) return;
    this.say(words([...this.#wrote].join(', ')));
    this.#wrote.clear();
    this.#resting = true;
    setTimeout(() => {
      this.#resting = false;
      this.tell([], words);
    }, tellsEvery);
  }
}

/** The same words twice are two pieces of news: a screen reader reads what changed. */
function again(words: string, before: string): string {
  return words === before ? `${words}\u00a0` : words;
}

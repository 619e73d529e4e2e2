/** A value that the screen depends on. */
export interface Cell<T> { value: T }

const followers: (() => void)[] = [];
let due = false;

/** Makes a cell. When it changes, those who follow are called: once for all changes of a moment. */
export function cell<T>(value: T): Cell<T> {
  return {
    get value() { return value; },
    set value(next: T) {
      if (next === value) return;
      value = next;
      if (due) return;
      due = true;
      queueMicrotask(changed);
    },
  };
}

function changed(): void {
  due = false;
  for (const follow of followers) follow();
}

/** Calls now, and whenever a cell has changed. What it changes itself calls it again. */
export function follow(run: () => void): void {
  followers.push(run);
  run();
}

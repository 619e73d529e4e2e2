/** What a key can do. Each is also in the command bar and behind a button. */
export type Act =
  | 'next' | 'previous' | 'take' | 'reply' | 'note' | 'transfer' | 'resolve' | 'snooze' | 'baton'
  | 'status' | 'command' | 'help' | 'accept' | 'decline' | 'takeNext' | 'invite' | 'offers' | 'news';

/** The single-letter keys, in the order in which the help shows them. */
export const letters: readonly { readonly key: string; readonly act: Act }[] = [
  { key: 'j', act: 'next' },
  { key: 'k', act: 'previous' },
  { key: 'o', act: 'take' },
  { key: 'x', act: 'takeNext' },
  { key: 'r', act: 'reply' },
  { key: 'n', act: 'note' },
  { key: 't', act: 'transfer' },
  { key: 'i', act: 'invite' },
  { key: 'e', act: 'resolve' },
  { key: 's', act: 'snooze' },
  { key: 'b', act: 'baton' },
  { key: 'm', act: 'status' },
  { key: 'v', act: 'news' },
  { key: 'g', act: 'offers' },
  { key: 'a', act: 'accept' },
  { key: 'd', act: 'decline' },
  { key: '/', act: 'command' },
  { key: '?', act: 'help' },
];

/** A key press, as little of it as the map needs. */
export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly repeat: boolean;
}

/** Where the press fell. */
export interface Place {
  /** In a text field, a select or anything else that takes letters. */
  readonly typing: boolean;
  /** A dialog is open: its own keys count. */
  readonly dialog: boolean;
  /** Single letters are switched on. */
  readonly single: boolean;
  /** In the card of an offer: its answers have letters there, and nowhere else. */
  readonly offer: boolean;
}

/** Whether a press is a letter of words: of a field or a window, or one that stands for nothing. */
export function isWord(press: Press, place: Place): boolean {
  const letter = !press.ctrl && !press.meta && !press.alt && /^[\p{L}\p{N}]$/u.test(press.key);
  return letter && !place.typing && (place.dialog || (place.single && !letters.some(({ key }) => key === press.key.toLowerCase())));
}

/** Which action a press asks for, or null. Ctrl K works everywhere; a letter never while one is typing. */
export function actOf(press: Press, place: Place): Act | null {
  const key = press.key.toLowerCase();
  if (press.repeat && key !== 'j' && key !== 'k') return null;
  if (key === 'k' && (press.ctrl || press.meta) && !press.alt) return place.dialog ? null : 'command';
  if (press.ctrl || press.meta || press.alt) return null;
  if (place.typing || place.dialog || !place.single) return null;
  const found = letters.find((letter) => letter.key === key);
  if (found === undefined) return null;
  if ((found.act === 'accept' || found.act === 'decline') && !place.offer) return null;
  return found.act;
}

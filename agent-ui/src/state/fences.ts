import type { Desk } from './model.ts';

/**
 * The assignment that a frame for a conversation relies on, as this screen knows it: the position of the `assigned`
 * event, 0 where nobody has been given it yet. None where an own take is on the way: what follows it relies on an
 * assignment that is still to come.
 */
export function fenceOf(desk: Desk, conversation: string): number | undefined {
  return taking(desk, conversation) ? undefined : desk.talks[conversation]?.snap.fence;
}

/** Whether an own take of the conversation, from the line or from an offer, waits for its answer. */
export function taking(desk: Desk, conversation: string): boolean {
  return desk.sends.some((send) => send.conversation === conversation && (send.type === 'take' || send.type === 'accept'));
}

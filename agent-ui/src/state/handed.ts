import type { Baton, Because } from '@kohta/client';

import type { Texts } from '../texts/index.ts';

/** Why a person is here; of a rule, which one. */
export function whyHanded(baton: Baton, because: readonly Because[] | undefined, texts: Texts): string {
  const rule = baton.reason === 'rule' ? because?.[0]?.rule ?? '' : '';
  return rule === '' ? texts.reasonLong[baton.reason] ?? '' : texts.baton.rule(rule.replace(/[_.-]+/g, ' '));
}

/** Whether nobody of a team is at their desk, so that a customer who is sent there waits for who knows how long. */
export function nobodyIn(team: string, people: readonly { readonly status: string; readonly teams: readonly string[] }[]): boolean {
  return !people.some((person) => person.teams.includes(team) && (person.status === 'online' || person.status === 'busy'));
}

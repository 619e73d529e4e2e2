/** The few words that stand on the host's page. */
export const words = {
  fi: { open: 'Avaa chat', one: '1 uusi viesti', many: (n: number) => `${n} uutta viesti\u00e4`, answered: (name: string) => `${name} on vastannut`, title: 'Chat', away: 'Chat ei nyt vastaa. Yrit\u00e4 hetken p\u00e4\u00e4st\u00e4.' },
  sv: { open: '\u00d6ppna chatten', one: '1 nytt meddelande', many: (n: number) => `${n} nya meddelanden`, answered: (name: string) => `${name} har svarat`, title: 'Chatt', away: 'Chatten svarar inte nu. F\u00f6rs\u00f6k om en stund.' },
  en: { open: 'Open chat', one: '1 new message', many: (n: number) => `${n} new messages`, answered: (name: string) => `${name} has answered`, title: 'Chat', away: 'The chat is not answering. Try again in a moment.' },
} as const;
export type Language = keyof typeof words;

/** The first wish (a language tag) that can be met, else English. */
export function pick(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const l = wish?.slice(0, 2).toLowerCase();
    if (l === 'fi' || l === 'sv' || l === 'en') return l;
  }
  return 'en';
}

/** The launcher's name: what it does, and what waits behind it. */
export function label(language: Language, unread: number, person: string | null): string {
  const w = words[language];
  const name = person?.trim().split(/\s+/)[0];
  if (unread === 0) return w.open;
  return `${w.open}, ${name ? w.answered(name) : unread === 1 ? w.one : w.many(unread)}`;
}

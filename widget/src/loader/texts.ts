/** The few words that stand on the host's page. */
export const words = {
  fi: { open: 'Avaa chat', title: 'Chat', away: 'Chat ei nyt vastaa. Yrit\u00e4 hetken p\u00e4\u00e4st\u00e4.' },
  sv: { open: '\u00d6ppna chatten', title: 'Chatt', away: 'Chatten svarar inte nu. F\u00f6rs\u00f6k om en stund.' },
  en: { open: 'Open chat', title: 'Chat', away: 'The chat is not answering. Try again in a moment.' },
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

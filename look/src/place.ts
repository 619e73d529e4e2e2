import type { Language } from './language.ts';

const PLACES = {
  fi: ['ensimmäisenä', 'toisena', 'kolmantena', 'neljäntenä', 'viidentenä', 'kuudentena', 'seitsemäntenä', 'kahdeksantena', 'yhdeksäntenä', 'kymmenentenä'],
  sv: ['etta', 'tvåa', 'trea', 'fyra', 'femma', 'sexa', 'sjua', 'åtta', 'nia', 'tia'],
  en: ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
};

/** The place in the line, told to the one who stands there: “Olet jonossa toisena”. `position` counts from 1. */
export function place(position: number, language: Language): string {
  const word = PLACES[language][position - 1];
  if (language === 'fi') return word ? `Olet jonossa ${word}` : `Paikkasi jonossa: ${position}`;
  if (language === 'sv') return word ? `Du är ${word} i kön` : `Din plats i kön: ${position}`;
  return word ? `You're ${word} in line` : `Your place in line: ${position}`;
}

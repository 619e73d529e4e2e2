/** The interface's languages. */
export type Language = 'fi' | 'sv' | 'en';
export const LANGUAGES: readonly Language[] = ['fi', 'sv', 'en'];

/** The first of the wishes (language tags such as `sv-FI`) that the interface speaks; English if none. */
export function pickLanguage(...wishes: (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((l) => wish?.toLowerCase().split(/[-_]/)[0] === l);
    if (found) return found;
  }
  return 'en';
}

/** A text, or one that has variables. */
export type Text = string | ((...values: never[]) => string);

/** The same texts in each language: the Finnish ones say which there are and which variables they have. */
export type Catalogue<T> = Readonly<Record<Language, T>>;
export function catalogue<T extends Record<string, Text>>(fi: T, sv: Loose<T>, en: Loose<T>): Catalogue<Loose<T>> {
  return { fi: fi as Loose<T>, sv, en };
}
export type Loose<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] };

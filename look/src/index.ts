export { LANGUAGES, pickLanguage, catalogue } from './language.ts';
export type { Catalogue, Language, Loose, Text } from './language.ts';
export { appointment, clock, date, dayLine, daysBetween, moment, range, rangeLong, rangeShort, span } from './time.ts';
export type { Range } from './time.ts';
export { feelings, place, reasons, shared } from './texts.ts';
export { calledBy, initials, pieces, plainName } from './text.ts';
export type { Piece } from './text.ts';
export { Dots, Face, Icon, IconButton, Mark, Words } from './parts.tsx';
export * from './icons.ts';

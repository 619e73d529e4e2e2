/** Bytes that a text has in UTF-8. A lone surrogate counts as the three bytes of its replacement. */
export function utf8Length(s: string): number {
  let n = 0;
  for (const ch of s) {
    const c = ch.codePointAt(0) ?? 0;
    n += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  return n;
}

/** The longest beginning of a text that has at most `bytes` bytes of UTF-8 and splits no character. */
export function cut(s: string, bytes: number): string {
  let n = 0;
  let at = 0;
  for (const ch of s) {
    n += utf8Length(ch);
    if (n > bytes) return s.slice(0, at);
    at += ch.length;
  }
  return s;
}

/** A text as the desk takes it: without NUL, lone surrogates replaced, ends trimmed. */
export function clean(s: string): string {
  return s.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD').trim();
}

/** Characters that are not seen and can turn or split what is seen: zero width, direction marks and overrides. */
const HIDDEN = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A name on one line, without characters that could disguise it. */
export function plainName(name: string): string {
  return name.replace(HIDDEN, '').replace(/\s+/g, ' ').trim();
}

/** The one or two letters of a face: “Aino Lahti” is AL. */
export function initials(name: string): string {
  const words = plainName(name).split(' ').filter(Boolean);
  const first = (w: string | undefined) => [...(w ?? '')][0] ?? '';
  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '')).toLocaleUpperCase();
}

/** The name one is called by: the first word of it. */
export function calledBy(name: string): string {
  return plainName(name).split(' ')[0] ?? '';
}

export type Piece = { text: string; href?: string };

/**
 * Splits a text into words and web addresses. A link is shown as the browser will read it, with its host in
 * punycode and the letters of its path legible; only http, https and mail addresses become links.
 */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  for (const m of text.matchAll(/\bhttps?:\/\/[^\s<>"”]+|\bmailto:[^\s<>"”?]+/gi)) {
    const raw = m[0].replace(/[.,;:!?)\]}'’]+$/, '');
    const link = read(raw);
    if (!link) continue;
    if (m.index > end) out.push({ text: text.slice(end, m.index) });
    out.push(link);
    end = m.index + raw.length;
  }
  if (end < text.length) out.push({ text: text.slice(end) });
  return out;
}

function read(raw: string): Piece | null {
  const clean = raw.replace(HIDDEN, '');
  const url = tryURL(clean);
  if (!url || url.username || url.password) return null;
  const text = url.protocol === 'mailto:' ? url.pathname : url.pathname === '/' && !url.search && !url.hash ? url.origin : legible(url.href);
  return { text, href: url.href };
}

/** “n%C3%A5got” is “något”. Latin letters alone: others could turn the order of what is read. */
function legible(href: string): string {
  return href.replace(/%C[3-9]%[89AB][0-9A-F]/gi, decodeURIComponent);
}

function tryURL(s: string): URL | null {
  try {
    return new URL(s);
  } catch {
    return null;
  }
}

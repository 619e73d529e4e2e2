import { get, set } from './kept.ts';

/**
 * The page of its own at /chat/, to which a letter leads. The link's token stands in the fragment, which no server and no
 * other page gets to see; it is read before anything else and leaves the address at once.
 */
export const alone = location.pathname?.startsWith('/chat/');
export const site = new URLSearchParams(location.search).get('site') ?? (alone ? '' : 'default');
/** What is kept here, is kept under this name: a letter's reader and the visitor of a website may be two, in one browser. */
export const name = `kohta.${site}${alone ? '/chat' : ''}`;

const LINK = `${name}.link`;

if (alone && location.hash) {
  set(LINK, location.hash.slice(1, 101));        // as long as any of ours
  history.replaceState(null, '', location.pathname + location.search);
}
// another letter was opened in this window
if (alone) addEventListener('hashchange', () => location.reload());

/** The link's token, as long as it is this page's identity. */
export const link = (): string | null => (alone ? get(LINK) : null);

export function forget(): void {
  set(LINK, null);
}

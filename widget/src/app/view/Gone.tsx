import type { JSX } from 'preact';
import { beginAnew, words } from '../desk.ts';
import { site } from '../link.ts';

/** Where a letter's link is no longer good: what is safe, and the way on. */
export function Gone(): JSX.Element {
  const t = words.value;
  return (
    <div class="gone">
      <div class="card house">
        <h3>{t.linkOver}</h3>
        <p class="est">{t.linkNote}</p>
        {site && <button class="btn btn-main" type="button" onClick={beginAnew}>{t.begin}</button>}
      </div>
    </div>
  );
}

import type { JSX } from 'preact';
import { speech } from '../desk.ts';

/**
 * What is read aloud: each new line once, with its speaker. The log itself is silent, since it regroups lines into
 * turns and writes marks under them, which a reader would hear again and again.
 */
export function Speech(): JSX.Element {
  return (
    <div class="vh" aria-live="polite" aria-relevant="additions" aria-atomic="false">
      {speech.value.map((line) => <p key={line.n} lang={line.lang}>{line.text}</p>)}
    </div>
  );
}

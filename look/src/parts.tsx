import type { ComponentChildren, JSX } from 'preact';
import { iBot } from './icons.ts';
import { initials, pieces } from './text.ts';

/** An icon of icons.ts. It says nothing by itself: what it means stands beside it, or names the button. */
export function Icon({ d, small, box = 24 }: { d: string; small?: boolean; box?: 24 | 32 }): JSX.Element {
  return <svg class={small ? 'i i-s' : 'i'} viewBox={`0 0 ${box} ${box}`} aria-hidden="true"><path d={d} /></svg>;
}

/** The mark: a square and a circle that meet. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 36 24" aria-hidden="true">
      <rect class="sq" x="1" y="2" width="20" height="20" rx="4" />
      <circle class="ci" cx="24.5" cy="12" r="10" />
      <path class="both" d="M20.2 3.4A4 4 0 0 1 21 6V18A4 4 0 0 1 20.2 20.6A10 10 0 0 1 20.2 3.4Z" />
    </svg>
  );
}

/** A face: round with initials for a person, square for the bot. The name stands beside it, so it is not read. */
export function Face({ name, size, here }: { name: string | null; size?: 's' | 'l'; here?: boolean }): JSX.Element {
  const kind = name === null ? 'face-bot' : 'face-person';
  const classes = ['face', kind, size && `face-${size}`, here && 'here'].filter(Boolean).join(' ');
  return <span class={classes} aria-hidden="true">{name === null ? <Icon d={iBot} /> : initials(name)}</span>;
}

/** A button that is an icon; `label` is its name. */
export function IconButton({ d, label, ...rest }: { d: string; label: string } & JSX.IntrinsicElements['button']): JSX.Element {
  return <button class="btn-icon" type="button" aria-label={label} {...rest}><Icon d={d} /></button>;
}

/** Three dots that breathe. */
export function Dots(): JSX.Element {
  return <span class="dots" aria-hidden="true"><i /><i /><i /></span>;
}

/** Somebody's words: as text, with web addresses as links. */
export function Words({ text }: { text: string }): JSX.Element {
  return <>{pieces(text).map((p) => (p.href ? <Link href={p.href}>{p.text}</Link> : p.text))}</>;
}

function Link({ href, children }: { href: string; children: ComponentChildren }): JSX.Element {
  return <a href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
}

import type { FeelingName } from '@kohta/client';
import { iClose, Icon } from '@kohta/look';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { isHard } from '../state/course.ts';
import { duration, ring } from '../state/time.ts';
import { useConsole, useFollowing } from './context.ts';
import { water } from './icons.ts';

/** A feeling: drawn as water, and said in a word. */
export function Feel({ feeling }: { feeling: FeelingName | null }): JSX.Element | null {
  const word = useConsole().texts.value.feeling[feeling ?? ''];
  if (feeling === null || word === undefined) return null;
  const tone = feeling === 'crisis' ? ' feel-crisis' : isHard(feeling) ? ' feel-hard' : '';
  return <span class={`feel${tone}`}><Icon d={water[feeling]} />{word}</span>;
}

/** Fills in ten minutes since the customer's last word. The language stands inside; the minutes are written beside it. */
export function Ring({ at, language, crisis, still }: { at: number; language: string; crisis: boolean; still: boolean }): JSX.Element {
  const { now } = useConsole();
  const shape = useFollowing([at, crisis, still, now], () => {
    const { full, step } = ring(still ? 0 : now.value - at);
    return crisis ? '0 crisis 100' : `${step} calm ${full}`;
  });
  const [step, tone, full] = shape.value.split(' ');
  return (
    <svg class={`ring t${step} ${tone}`} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle class="rail" cx="16" cy="16" r="13" />
      <circle class="arc" cx="16" cy="16" r="13" pathLength={100} stroke-dasharray={`${full} 100`} transform="rotate(-90 16 16)" />
      <text x="16" y="19.5">{language}</text>
    </svg>
  );
}

/** How long ago something was, growing by itself. */
export function Since({ at }: { at: number }): JSX.Element {
  const { now, texts } = useConsole();
  const words = useFollowing([at, now, texts], () => duration(now.value - at, texts.value));
  return <time dateTime={new Date(at).toISOString()}>{words}</time>;
}

/** A native modal window. Escape and the button close it; the focus goes back to where it was. */
export function Dialog({ name, title, children }: { name: string; title: string; children: ComponentChildren }): JSX.Element {
  const { dialog, texts } = useConsole();
  const ref = useRef<HTMLDialogElement>(null);
  const left = useRef(false);
  // at once, not with the close event: the next key may come before it, and open another window, which is not this one's
  const leave = (): void => {
    if (left.current) return;
    left.current = true;
    dialog.value = null;
  };
  useLayoutEffect(() => {
    const element = ref.current;
    const before = document.activeElement;
    if (element !== null && !element.open) {
      element.showModal();
      element.querySelector<HTMLElement>('[data-first], .sheet-in > :not(.sheet-head) :is(input, .btn)')?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`sheet sheet-${name}`}
      aria-labelledby={`${name}-title`}
      onClose={leave}
      onCancel={leave}
      onClick={(event) => { if (event.target === ref.current) leave(); }}
    >
      <div class="sheet-in">
        <header class="sheet-head">
          <h2 id={`${name}-title`}>{title}</h2>
          <button type="button" class="btn-icon" aria-label={texts.value.close} onClick={leave}><Icon d={iClose} /></button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** A button with a menu of few lines below it. Escape, a choice and leaving it close the menu. */
export function Menu({ label, face, closed, children }: { label: string; face: ComponentChildren; closed?: () => void; children: ComponentChildren }): JSX.Element {
  const ref = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (ref.current !== null) ref.current.open = false;
  };
  return (
    <details
      ref={ref}
      class="menu"
      onToggle={(event) => { if (!event.currentTarget.open) closed?.(); }}
      onFocusOut={(event) => { if (!(event.relatedTarget instanceof Node) || !ref.current?.contains(event.relatedTarget)) { if (event.relatedTarget !== null) close(); } }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !ref.current?.open) return;
        event.stopPropagation();
        close();
        ref.current.querySelector('summary')?.focus();
      }}
      onClick={(event) => { if (event.target instanceof Element && event.target.closest('[data-closes]') !== null) close(); }}
    >
      <summary class="btn-icon" aria-label={label} title={label}>{face}</summary>
      <div class="menu-in">{children}</div>
    </details>
  );
}

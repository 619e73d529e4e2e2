import { describe, expect, test } from 'vitest';
import { over } from '../src/loader/modal.ts';
import { mark } from '../src/loader/title.ts';

/** As much of a host page as the loader touches. */
class Part {
  inert = new Set<string>();
  constructor(...was: string[]) { was.forEach((a) => this.inert.add(a)); }
  hasAttribute(name: string): boolean { return this.inert.has(name); }
  setAttribute(name: string): void { this.inert.add(name); }
  removeAttribute(name: string): void { this.inert.delete(name); }
}
class Sheet { css = ''; replaceSync(css: string): void { this.css = css; } }
Object.assign(globalThis, { CSSStyleSheet: Sheet });

describe('the chat over a whole small screen', () => {
  const [shop, banner, chat] = [new Part(), new Part('inert'), new Part()];
  const own = new Sheet();
  const page = { body: { children: [shop, banner, chat] }, adoptedStyleSheets: [own] };
  const inert = () => [shop, banner, chat].map((p) => p.hasAttribute('inert'));

  test('puts the rest of the page out of reach and keeps it still, and leaves nothing of that behind', () => {
    const undo = over(page as unknown as Document, chat as unknown as Element);
    expect(inert()).toEqual([true, true, false]);
    expect(page.adoptedStyleSheets.map((s) => s.css)).toEqual(['', expect.stringContaining('overflow:hidden')]);
    const later = new Sheet();
    page.adoptedStyleSheets = [...page.adoptedStyleSheets, later];
    undo();
    expect(inert()).toEqual([false, true, false]);
    expect(page.adoptedStyleSheets).toEqual([own, later]);
  });
});

describe('the title of the page', () => {
  const page = (hidden: boolean, text: string | null = ' Kahvila\n  Kohta ') => {
    const title = text === null ? null : { textContent: text };
    return { title, document: { hidden, querySelector: () => title } as unknown as Document };
  };

  test('tells what is unread while nobody looks, and is then as it was, to the letter', () => {
    const { title, document } = page(true);
    const undo = mark(document, 2);
    expect(title?.textContent).toBe('(2)  Kahvila\n  Kohta ');
    undo();
    expect(title?.textContent).toBe(' Kahvila\n  Kohta ');
  });

  test('is left alone when the page is in front, nothing is unread, or there is none', () => {
    for (const [p, n] of [[page(false), 2], [page(true), 0], [page(true, ''), 2], [page(true, null), 2]] as const) {
      const was = p.title?.textContent;
      mark(p.document, n)();
      expect(p.title?.textContent).toBe(was);
    }
  });

  test('that the page has changed meanwhile stays changed', () => {
    const { title, document } = page(true);
    const undo = mark(document, 1);
    title!.textContent = 'Kassa';
    undo();
    expect(title?.textContent).toBe('Kassa');
  });
});

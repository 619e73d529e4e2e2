import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    heard?: string[];
  }
}

/**
 * Listens as a screen reader does: to what is added to live regions, each addition one announcement, without what is
 * hidden from it. To be called before the pages are loaded; `heard` then tells what was announced, in order.
 */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard: string[] = (window.heard = []);
    const roles = new Map([['log', 'polite'], ['status', 'polite'], ['alert', 'assertive']]);

    const live = (element: Element): boolean => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        if (at.getAttribute('aria-hidden') === 'true' || (at as HTMLElement).hidden) return false;
      }
      const region = element.closest('[aria-live],[role=log],[role=status],[role=alert]');
      if (!region || region === element) return false; // a region that appears is not read, what is added to it is
      return (region.getAttribute('aria-live') ?? roles.get(region.getAttribute('role') ?? '') ?? 'off') !== 'off';
    };

    const read = (node: Node): string => {
      if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
      if (!(node instanceof Element) || node.getAttribute('aria-hidden') === 'true' || (node as HTMLElement).hidden) return '';
      const label = node.getAttribute('aria-label');
      return label ?? [...node.childNodes].map(read).join(' ');
    };

    new MutationObserver((changes) => {
      for (const change of changes) {
        const added = change.type === 'characterData' ? [change.target] : [...change.addedNodes];
        for (const node of added) {
          const element = node instanceof Element ? node : node.parentElement;
          if (!element?.isConnected || !live(element)) continue;
          const text = read(node).replace(/\s+/g, ' ').trim();
          if (text) heard.push(text);
        }
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
}

/** What was announced so far in the page and its frames. */
export async function heard(page: Page): Promise<string[]> {
  const all = await Promise.all(page.frames().map((frame) => frame.evaluate(() => window.heard ?? [])));
  return all.flat();
}

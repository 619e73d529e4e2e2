/** A sheet made by script, which no policy of the page forbids. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/**
 * Puts the page out of reach behind the chat, which fills the screen, and keeps it from scrolling. Returns what undoes it:
 * then nothing of the page is changed, and what was out of reach before still is.
 */
export function over(page: Document, chat: Element): () => void {
  const rest = [...page.body.children].filter((e) => e !== chat && !e.hasAttribute('inert'));
  const still = sheet('html{overflow:hidden!important}');
  rest.forEach((e) => e.setAttribute('inert', ''));
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, still];
  return () => {
    rest.forEach((e) => e.removeAttribute('inert'));
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((s) => s !== still);
  };
}

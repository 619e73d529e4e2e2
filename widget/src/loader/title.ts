/**
 * Sets a number before the title of a page that nobody looks at. Returns what takes it away, to the letter; a title that the
 * page has changed meanwhile is left alone.
 */
export function mark(page: Document, unread: number): () => void {
  const title = page.querySelector('head>title');
  const was = title?.textContent;
  if (!title || !was || !unread || !page.hidden) return () => undefined;
  const now = title.textContent = `(${unread}) ${was}`;
  return () => { if (title.textContent === now) title.textContent = was; };
}

/** Visits by the year in which they began, in the order given: newest first. */
export function byYear<V extends { readonly opened_at: string }>(visits: readonly V[]): readonly { readonly year: string; readonly visits: readonly V[] }[] {
  const years: { year: string; visits: V[] }[] = [];
  for (const visit of visits) {
    const at = new Date(visit.opened_at);
    const year = Number.isNaN(at.getTime()) ? '–' : String(at.getFullYear());
    const last = years.at(-1);
    if (last?.year === year) last.visits.push(visit);
    else years.push({ year, visits: [visit] });
  }
  return years;
}

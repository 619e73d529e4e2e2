/** Small things kept in the frame's own storage. Where storage is blocked they live as long as the page. */
const memory = new Map<string, string>();

export function get(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

export function set(key: string, value: string | null): void {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // full or blocked: memory has it
  }
}

/** A JSON object that was kept; an empty one if there is none, or another thing. */
export function getObject(key: string): Record<string, unknown> {
  try {
    const v: unknown = JSON.parse(get(key) ?? '{}');
    return typeof v === 'object' && v !== null && !Array.isArray(v) ? v as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

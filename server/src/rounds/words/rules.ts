/** Which part of a file a browser asks for, as a pure function. */

/** A range of RFC 9110, 14.2: from and to, both included; `all` for none or several, `none` for one outside the file. */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | 'all' | 'none' {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return 'all';
  const [, from = '', to = ''] = found;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < start) return 'all';
  return start < size && start <= end ? { start, end } : 'none';
}

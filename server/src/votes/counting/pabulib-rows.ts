/** The lower half of the Pabulib format: bytes to lines to rows of fields with a separator between them, quotes doubled inside quotes. */

const BLOCK_BYTES = 1 << 20;
const NEWLINE = 10;

/** How the bytes are read; the first of each is the format's. */
export interface Script {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  /** Where a quoted field may end. */
  readonly quotes: 'anywhere' | 'in-line';
  readonly separator: ';' | ',' | '\t';
}

export const formatScript: Script = { encoding: 'utf-8', quotes: 'anywhere', separator: ';' };

/** What bytes that are no UTF-8 most likely are: UTF-16 says so itself, and in Windows-1252 every byte is a character of its own. */
export function likelyEncoding(source: Uint8Array | string): Script['encoding'] {
  return source[0] === 0xff && source[1] === 0xfe ? 'utf-16le' : source[0] === 0xfe && source[1] === 0xff ? 'utf-16be' : 'windows-1252';
}

/** What parts the fields where a semicolon does not: as the first two lines of the section META show. */
export function likelySeparator(row: Row): Script['separator'] | undefined {
  return /^\s*(?:meta|key)\s*([,\t])/i.exec(row.fields[0]!)?.[1] as Script['separator'] | undefined;
}

/** Lines without their ends (LF or CR LF). Decodes a block at a time, so that a long file never stands in memory as one text. */
export function* linesOf(source: Uint8Array | string, encoding: Script['encoding'] = 'utf-8'): Generator<string> {
  if (typeof source === 'string') {
    yield* linesOfBlock(source.startsWith('\uFEFF') ? source.slice(1) : source);
    return;
  }
  if (encoding.startsWith('utf-16')) {
    yield* linesOfBlock(new TextDecoder(encoding).decode(source));
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let start = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0;
  while (start < source.length) {
    const newline = source.indexOf(NEWLINE, start + BLOCK_BYTES);
    const end = newline < 0 ? source.length : newline + 1;
    yield* linesOfBlock(decoded(decoder, source.subarray(start, end)));
    start = end;
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UnreadableText('not-utf8');
  }
}

function* linesOfBlock(text: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield end > start && text.charCodeAt(end - 1) === 13 ? text.slice(start, end - 1) : text.slice(start, end);
    start = end + 1;
  }
  if (start < text.length) yield text.slice(start);
}

export interface Row {
  /** Of the file, from 1; where a quoted field spans lines, its first. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** Rows, with their lines counted. A blank line is a row with one empty field. Throws an UnreadableText. */
export function* rowsOf(source: Uint8Array | string, script: Script = formatScript): Generator<Row> {
  let line = 0;
  // The lines of a row whose quotes are still open.
  let open: string[] = [];
  for (const text of linesOf(source, script.encoding)) {
    line += 1;
    if (text.includes('\0')) throw new UnreadableText('nul', line);
    if (open.length === 0 && !text.includes('"')) {
      yield { line, fields: text.split(script.separator) };
      continue;
    }
    const isOpen = endsInQuotes(text, open.length > 0, script.separator);
    open.push(text);
    if (isOpen && script.quotes === 'anywhere') continue;
    if (isOpen) open = [text.replaceAll('"', '')];
    yield { line: line - open.length + 1, fields: splitQuoted(open.join('\n'), script.separator) };
    open = [];
  }
  if (open.length > 0) throw new UnreadableText('unclosed-quote', line - open.length + 1);
}

/** The text ends here: nothing behind it can be told apart. */
export class UnreadableText extends Error {
  readonly code: 'not-utf8' | 'nul' | 'unclosed-quote';
  /** Unknown where a whole block did not decode. */
  readonly line: number | undefined;

  constructor(code: UnreadableText['code'], line?: number) {
    super(code);
    this.code = code;
    this.line = line;
  }
}

/** Whether a line ends inside a quoted field; `isInside` says whether it begins in one. */
function endsInQuotes(text: string, isInside: boolean, separator: string): boolean {
  for (let at = isInside ? -1 : 0; ; ) {
    let end = at;
    if (at < 0 || text[at] === '"') {
      end = closingQuote(text, at + 1);
      if (end < 0) return true;
    }
    const next = text.indexOf(separator, end);
    if (next < 0) return false;
    at = next + 1;
  }
}

/** The fields of a row whose quotes are closed. A quote inside an unquoted field is a character like others. */
function splitQuoted(text: string, separator: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end < 0 ? text.length : end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    const end = closingQuote(text, at + 1);
    const next = text.indexOf(separator, end);
    // What stands between the closing quote and the separator belongs to the field, as other readers have it.
    fields.push(text.slice(at + 1, end).replaceAll('""', '"') + text.slice(end + 1, next < 0 ? text.length : next));
    if (next < 0) return fields;
    at = next + 1;
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

/** One row as text; a field is quoted only where it has to be. */
export function rowText(fields: readonly string[]): string {
  return fields.map((field) => (/[";\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(';');
}

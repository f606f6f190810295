/** Letters with printed codes: a page each, everything on it tagged, in three languages, and handed over once. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawLetters } from '@commonpot/server/platform/press/letters';
import type { LetterWords } from '@commonpot/server/platform/press/contract';

const words = (more: Partial<LetterWords> = {}): LetterWords => ({
  language: 'en', direction: 'ltr', fund: 'The Łąka and Tanner Hill Neighbourhood Fund', title: 'Your code to vote: Tanner Hill decides about sixty thousand pounds and more', greeting: 'Dear {name},', toWhom: 'Neighbour',
  what: 'You can help decide what £60,000 will pay for where you live. This letter holds your code. '.repeat(4), codeLabel: 'Your code', codeHow: 'Type it with or without the hyphens, in capitals or not. '.repeat(3),
  where: 'Where you vote', url: 'https://fund.example.org/f/tanner-hill/rounds/tanner-hill-2026/vote', link: 'fund.example.org/f/tanner-hill/rounds/tanner-hill-2026/vote', until: 'Until Sunday 6 December at 20:00.', square: 'A square for a phone’s camera',
  lostLabel: 'If the letter is lost', lost: 'Ask for a new code. '.repeat(8), secret: 'Show the code to nobody. '.repeat(5), help: 'Questions? 0117 496 0000, weekdays from 9 to 5', ...more,
  letters: more.letters ?? [{ code: 'T2EZ-DEZQ-N73R', name: 'Łucja Żółkiewska-Brzęczyszczykiewicz', postcode: 'BS5 6AA' }, { code: '0000-1111-2222', name: null, postcode: null }],
});

/** What stands in a PDF that pdfkit wrote: its objects, and each page's operators. */
function parse(pdf: Buffer): { text: string; pages: string[]; elements: { tag: string; mcids: number[]; hasAlt: boolean; actual: string | null }[] } {
  const text = pdf.toString('latin1');
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body);
  const bodies = [...objects.values()];
  const pages = bodies.filter((body) => /\/Type \/Page\b/.test(body)).map((body) => {
    const [, id = ''] = /\/Contents (\d+) 0 R/.exec(body) ?? [];
    const content = objects.get(id) ?? '';
    const [, stream = ''] = /stream\n([\s\S]*)\nendstream/.exec(content) ?? [];
    return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
  });
  const elements = bodies.filter((body) => /\/Type \/StructElem|\/S \/(?:H1|H2|P|Figure|Sect|Document)\b/.test(body) && /\/S \/\w+/.test(body)).map((body) => ({
    tag: /\/S \/(\w+)/.exec(body)?.[1] ?? '', mcids: (/\/K \[([\d ]+)\]/.exec(body)?.[1] ?? '').split(' ').filter(Boolean).map(Number),
    hasAlt: /\/Alt /.test(body), actual: /\/ActualText \(([\s\S]*?)\)/.exec(body)?.[1] ?? null,
  }));
  return { text, pages, elements };
}

/** Everything that is drawn stands inside a tagged part or is called an artifact; as ISO 14289-1, 7.1 asks. */
function untaggedMarks(page: string): string[] {
  const loose: string[] = [];
  let depth = 0;
  for (const line of page.split('\n')) {
    if (/\bB(?:DC|MC)$/.test(line)) depth += 1;
    else if (line === 'EMC') depth -= 1;
    else if (depth === 0 && /(?:^|\s)(?:TJ|Tj|f|f\*|S|B)$/.test(line)) loose.push(line);
  }
  if (depth !== 0) loose.push(`depth ${depth}`);
  return loose;
}

describe('a letter', () => {
  it.each([['en', 'ltr'], ['pl', 'ltr'], ['ar', 'rtl']] as const)('in %s is one page, and a screen reader can read all of it', async (language, direction) => {
    const arabic = direction === 'rtl' ? { title: 'رمزك للتصويت: تل الدباغين', what: 'يمكنك أن تشارك في تقرير ما يُنفق عليه £60,000 حيث تسكن.', greeting: 'مرحباً {name}،' } : {};
    const pdf = await drawLetters(words({ language, direction, ...arabic }));
    const { text, pages, elements } = parse(pdf);
    expect(pages).toHaveLength(2);
    for (const part of ['/Marked true', '/StructTreeRoot', `/Lang (${language})`, '/DisplayDocTitle true', '/Tabs /S', '<pdfuaid:part>1</pdfuaid:part>', '/FontFile2', '/ToUnicode']) expect(text).toContain(part);
    expect(text).not.toMatch(/\/Subtype \/(?:Image|Type1)\b/);
    const tags = elements.map((each) => each.tag);
    expect([tags.filter((tag) => tag === 'H1').length, tags.filter((tag) => tag === 'Sect').length, tags.filter((tag) => tag === 'Figure').length]).toEqual([2, 2, 2]);
    expect(elements.filter((each) => each.tag === 'Figure').every((each) => each.hasAlt)).toBe(true);
    for (const page of pages) {
      expect(untaggedMarks(page)).toEqual([]);
      // Every tagged part of the page belongs to an element of the tree, and nothing lies below the sheet's edge.
      const parts = [...page.matchAll(/\/MCID (\d+)/g)].map(([, mcid]) => Number(mcid));
      expect(new Set(parts).size).toBe(parts.length);
      for (const mcid of parts) expect(elements.filter((each) => each.mcids.includes(mcid)).length).toBeGreaterThan(0);
      const lowest = Math.min(...[...page.matchAll(/1 0 0 1 [\d.-]+ ([\d.-]+) Tm/g)].map(([, y]) => Number(y)));
      expect(lowest).toBeGreaterThan(30);
    }
    expect(elements.some((each) => each.actual === 'T2EZ-DEZQ-N73R')).toBe(true);
  });

  it('is the same bytes for the same words: it holds no time', async () => {
    expect((await drawLetters(words())).equals(await drawLetters(words()))).toBe(true);
  });
});

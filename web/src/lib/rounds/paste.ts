/** Reads a list of people as it comes out of a spreadsheet or a letter. Pure. */
import type { GivenBodyOf } from '@commonpot/server/platform/contract';
import type { addToRoll } from '@commonpot/server/rounds/roll/contract';

type Entry = GivenBodyOf<typeof addToRoll>['entries'][number];

/**
 * One person a line: the name first, then in any order a postcode, an address (email or telephone) and a year of
 * birth, parted by tabs, semicolons or commas. Empty lines are passed over.
 */
export function readPeople(text: string): Entry[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '').map(readPerson);
}

function readPerson(line: string): Entry {
  const [name = '', ...rest] = line.split(line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',').map((part) => part.trim());
  const entry: Entry = { name: name.slice(0, 200) };
  for (const part of rest.filter((each) => each !== '')) {
    if (part.includes('@')) entry.contact = { channel: 'email', address: part };
    else if (/^(18|19|20)\d\d$/.test(part)) entry.bornYear = Number(part);
    else if (/^\+?[\d\s().-]{9,}$/.test(part)) entry.contact = { channel: 'sms', address: part };
    else entry.postcode ??= part.slice(0, 20);
  }
  return entry;
}

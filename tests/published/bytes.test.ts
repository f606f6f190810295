/** The published bytes against vectors of others: the tree, signed notes, and the protocol's own trial vector. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ballotBytes, leafOf, receiptCode, voidOf } from '../../server/src/votes/ballots/protocol.ts';
import { bodyOf, leafOfBody, lotSeed, receiptBytes } from '../../server/src/votes/published/bytes.ts';
import { pagePath, prefixes, prefixLength, prefixOf } from '../../server/src/votes/published/files.ts';
import { checkpoint, checkpointText, openNote, readCheckpoint, readNote, verifierKey } from '../../server/src/votes/published/note.ts';
import { rootOf, Tree } from '../../server/src/votes/published/tree.ts';
import { drawn, keyFrom, KEY } from './rounds.ts';

it('has the roots that certificate transparency’s reference implementation has', () => {
  const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const leaves = data.map((hex) => createHash('sha256').update(Buffer.from(`00${hex}`, 'hex')).digest());
  const tree = new Tree();
  const roots = leaves.map((leaf) => {
    tree.append(leaf);
    return tree.root().toString('hex').slice(0, 8);
  });
  expect(roots).toEqual(['6e340b9c', 'fac54203', 'aeb6bcfe', 'd37ee418', '4e3bbb1f', '76e67dad', 'ddb89be4', '5dc9da79']);
  expect(rootOf(leaves).toString('hex')).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  expect(rootOf([]).toString('hex')).toBe(createHash('sha256').digest('hex'));
});

it('reads the note that Go’s own tests sign', () => {
  const key = { name: 'PeterNeumann', publicKey: Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1) };
  const text = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n';
  const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
  expect(verifierKey(key)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  expect(openNote(note, key)).toBe(text);
  expect(openNote(note.replace('answer', 'Answer'), key)).toBeNull();
  expect(openNote(note, { ...key, name: 'PeterNeuman' })).toBeNull();
  expect(openNote(note, { name: key.name, publicKey: keyFrom(1).publicKey })).toBeNull();
  for (const wrong of ['', '\n', 'a\n', `${note}\n`, note.slice(0, -1), note.replace('AM=', 'AN='), note.replace('— ', '- '), note.replace('you', 'you\r'), '\n\n'])
    expect(openNote(wrong, key), JSON.stringify(wrong)).toBeNull();
});

it('writes heads that it reads again, in one form only', () => {
  const head = { origin: 'pot.example.org/rounds/1', size: 205, root: drawn(1) };
  const note = checkpoint(head, KEY.publicKey, KEY.sign);
  expect(note.split('\n')).toHaveLength(6);
  expect(readCheckpoint(openNote(note, { name: head.origin, publicKey: KEY.publicKey }) ?? '')).toEqual(head);
  expect(readNote(note)?.signatures).toHaveLength(1);
  const text = checkpointText(head);
  for (const wrong of [text.replace('205', '0205'), text.replace('205', '2e2'), text.replace('205', '-1'), `${text}more\n`, text.slice(0, -1), text.replace('=\n', '\n')]) expect(readCheckpoint(wrong)).toBeNull();
});

it('has the leaf of the protocol’s trial vector, from the body alone too', () => {
  const [round, salt, voidHash] = [Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'), Buffer.alloc(32, 1), voidOf(Buffer.alloc(32, 2))];
  const ballot = ballotBytes('', [{ project: '7' }, { project: '12' }]);
  const leaf = leafOfBody(round, voidHash, bodyOf(salt, ballot));
  expect(leaf.toString('hex')).toBe('d09df6bbf7a9c79d2f6df587cf96d85dbf7565af19bbfaa5b4f75b371c309bd2');
  expect(leafOf(round, voidHash, salt, ballot)).toEqual(leaf);
  expect(receiptCode(leaf)).toBe('T2EZ-DEZQ-N73R');
  expect(receiptBytes(round, leaf)).toEqual(Buffer.concat([Buffer.from('commonpot.receipt.v1\0'), round, leaf]));
  expect(lotSeed({ round, lotKey: salt, root: leaf, draw: '4 8 15' })).toEqual(createHash('sha256').update(Buffer.concat([Buffer.from('commonpot.lot.v1\0'), round, salt, leaf, Buffer.from('4 8 15')])).digest());
});

it('puts at least fifty codes on every page, on the page that their first characters name', () => {
  const leaves = Array.from({ length: 4000 }, (_, index) => drawn(index));
  expect([0, 49, 1599].map((number) => prefixLength(leaves.slice(0, number)))).toEqual([0, 0, 0]);
  expect(prefixLength(leaves)).toBe(1);
  expect(leaves.slice(0, 99).every((leaf) => receiptCode(leaf).startsWith(prefixOf(leaf, 4)))).toBe(true);
  for (const prefix of prefixes(1)) expect(leaves.filter((leaf) => prefixOf(leaf, 1) === prefix).length).toBeGreaterThanOrEqual(50);
  expect(prefixes(1).map(pagePath).slice(-2)).toEqual(['codes/Y.html', 'codes/Z.html']);
  // Somebody who makes their phone draw until the code begins as they like cannot make a page small.
  expect(prefixLength([...leaves.filter((leaf) => prefixOf(leaf, 1) !== 'T'), leaves.find((leaf) => prefixOf(leaf, 1) === 'T')!])).toBe(0);
});

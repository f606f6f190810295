/** The log's tree: RFC 9162, section 2.1, over leaves that are leaf hashes already. */
import { createHash } from 'node:crypto';

/** Takes leaves one by one and knows the root at every size it has passed. */
export class Tree {
  /** Roots of the complete subtrees that make up the tree, the largest first. */
  readonly #peaks: { root: Buffer; leaves: number }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let peak = { root: leaf, leaves: 1 };
    while (this.#peaks.at(-1)?.leaves === peak.leaves) {
      const left = this.#peaks.pop()!;
      peak = { root: nodeOf(left.root, peak.root), leaves: peak.leaves * 2 };
    }
    this.#peaks.push(peak);
    this.#size += 1;
  }

  root(): Buffer {
    const [last, ...rest] = this.#peaks.map((peak) => peak.root).reverse();
    return last ? rest.reduce((right, left) => nodeOf(left, right), last) : createHash('sha256').digest();
  }
}

/** The root of the tree over these leaves. */
export function rootOf(leaves: Iterable<Buffer>): Buffer {
  const tree = new Tree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

function nodeOf(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.from([1])).update(left).update(right).digest();
}

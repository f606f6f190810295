/** What can be wrong with a published folder: each fault by a name that stays, with the sentence that says which promise it breaks. */

const FAULTS = {
  'file-missing': 'A file of the folder is not there.',
  'file-too-large': 'A file is larger than any honest one could be, and was not read.',
  'file-malformed': 'A file is not written the one way in which it may be written.',
  'file-changed': 'A file is not the one that was sealed.',
  'file-extra': 'There is a file that does not belong to the folder.',
  'rule-changed': 'What was fixed before voting opened (rule, budget, projects, titles, dates) is not what was sealed.',
  'rule-digest': 'The counting rule is not the one whose digest was frozen before voting opened.',
  'seal-signature': 'The seal is not signed by the log’s key: the totals and digests are not those that were sealed.',
  'seal-root': 'The seal names another list of ballots than the one that is published.',
  'head-signature': 'A state of the list is not signed by the log’s key.',
  'head-root': 'The list of ballots was changed after its state was signed: a ballot was dropped, added, altered or moved.',
  'head-order': 'The signed states of the list do not grow from one to the next.',
  'head-last': 'The last signed state is not of the whole list.',
  'head-saved': 'A state that was saved earlier does not fit the list: it was changed afterwards, or other people were shown another list.',
  'batch-small': 'Fewer than 100 ballots entered the list together, so that their place in it says when they were cast.',
  'batch-unsorted': 'Ballots that entered the list together are not sorted, so that their order may say who came first.',
  'leaf-twice': 'A ballot stands in the list twice.',
  'leaf-unaccounted': 'A ballot that was taken in is neither counted nor shown as withdrawn.',
  'leaf-both': 'A ballot is counted and shown as withdrawn as well, or opened twice.',
  'leaf-unlogged': 'A ballot is opened that was never in the list.',
  'opening-wrong': 'A counted ballot is not what its voter sent: the opening does not give the leaf in the list.',
  'void-wrong': 'A withdrawn ballot’s opening does not give the leaf in the list.',
  'void-key-wrong': 'A ballot was withdrawn with a key that is not its voter’s.',
  'entries-unsorted': 'Opened ballots are not sorted by leaf, so that their order may say something about people.',
  'ballot-illegal': 'A counted ballot breaks the rules of the ballot.',
  'totals-wrong': 'The totals of the seal are not those of the published ballots.',
  'turnout-wrong': 'As many ballots must be counted as people voted, less the spoiled paper: they are not.',
  'turnout-reveals': 'The turnout shows a group of fewer than ten people, or one can be worked out from it.',
  'strikes-unexplained': 'More ballots were struck than there are published reasons.',
  'totals-only-wrong': 'Single ballots are published of fewer than 100, or hidden of 100 and more.',
  'observer-signature': 'An observer’s signature on the seal is not theirs.',
  'observer-missing': 'An observer who was named with a key has not signed the seal.',
  'waiver-wrong': 'The reason for publishing without an observer’s signature is not signed by the log’s key for this seal.',
  'lot-commitment': 'The lot’s secret is not the one that was committed to before voting opened.',
  'lot-seed': 'The lot’s seed is not made of the secret, the list and the public draw.',
  'lot-too-early': 'The public draw was less than 24 hours after voting closed, or not the one that was named.',
  'beacon-network': 'The draw is by another beacon than the one whose public key is known.',
  'beacon-round': 'The beacon’s value is not the first one from the moment that was named beforehand.',
  'beacon-signature': 'The beacon’s value is not signed by its network: it was altered or made up.',
  'lot-missing': 'A tie needs the lot, and the lot was not drawn.',
  'hall-commitment': 'The secret behind the order in the hall is not the one that was promised before the draw.',
  'hall-seed': 'The order in the hall was not drawn from the secret and the public draw.',
  'hall-order': 'The order in the hall is not the one that the draw gives.',
  'hall-times': 'The order in the hall was not announced first and drawn afterwards.',
  'receipt-wrong': 'A ballot’s receipt is not signed by the log’s key.',
  'pabulib-differs': 'ballots.pb does not hold the counted ballots.',
  'outcome-differs': 'Counting these ballots by the frozen rule gives another result.',
  'trace-differs': 'Counting these ballots by the frozen rule gives the same result, but not by the published steps.',
  'code-page-wrong': 'A page of codes does not say what became of its ballots.',
  'page-wrong': 'A page of instructions is not the one that belongs to this folder.',
  'unexpected': 'The folder broke a check in a way that nobody foresaw; it does not verify.',
} as const;

export type FaultName = keyof typeof FAULTS;

export interface Finding {
  name: FaultName;
  sentence: string;
  /** How often. */
  times: number;
  /** The first places, such as `counted.jsonl, line 3`. */
  places: string[];
}

const PLACES_SHOWN = 5;

/** Collects findings; the same fault in many places is one. */
export class Findings {
  readonly #found = new Map<FaultName, Finding>();

  add(name: FaultName, place: string): void {
    const finding = this.#found.get(name) ?? { name, sentence: FAULTS[name], times: 0, places: [] };
    finding.times += 1;
    if (finding.places.length < PLACES_SHOWN) finding.places.push(place);
    this.#found.set(name, finding);
  }

  get all(): Finding[] {
    return [...this.#found.values()];
  }
}

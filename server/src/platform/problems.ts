/** Every refusal the API knows, as RFC 9457 problems. The web owns the sentences; a test holds that each code has one. */

export const problems = {
  'wrong-shape': { status: 400, title: 'The request does not have the shape its contract names.' },
  'idempotency-key-missing': { status: 400, title: 'This call moves money and needs an Idempotency-Key header of 8 to 100 characters.' },
  'signed-out': { status: 401, title: 'Nobody is signed in.' },
  'wrong-code': { status: 401, title: 'The code is not right, was used, or has expired.' },
  'not-allowed': { status: 403, title: 'This role may not do that here.' },
  'cross-origin': { status: 403, title: 'The request came from another site.' },
  'not-found': { status: 404, title: 'There is nothing here.' },
  'idempotency-key-reused': { status: 409, title: 'This Idempotency-Key belongs to another request.' },
  'wrong-phase': { status: 409, title: 'The round is not in a phase that allows this.' },
  'already-exists': { status: 409, title: 'It is there already.' },
  'acts-for-another': { status: 409, title: 'This person already acts for another shop, or another agency, of this fund.' },
  'already-decided': { status: 409, title: 'Somebody decided this already.' },
  'same-person': { status: 409, title: 'The second person must not be the first.' },
  'number-used': { status: 409, title: 'This number has its place in the round: one number, one person.' },
  'address-taken': { status: 409, title: 'The address opens another account.' },
  'card-not-for-role': { status: 409, title: 'A printed code cannot open this role.' },
  'has-address': { status: 409, title: 'This person signs in with their address.' },
  'too-large': { status: 413, title: 'The request is larger than this route takes.' },
  'too-many-tries': { status: 429, title: 'Too many wrong tries; wait before the next.' },
  'too-many-codes': { status: 429, title: 'Enough codes were sent to this address for now.' },
  'codes-exhausted': { status: 503, title: 'No more codes can be sent this hour.' },
  'busy': { status: 503, title: 'Too many files are being sent at once; this one was not read.' },
  'unexpected': { status: 500, title: 'Something broke on our side; nothing was changed.' },
  'unavailable': { status: 503, title: 'The database cannot be reached; nothing was changed.' },

  // Money
  'not-enough-money': { status: 409, title: 'The pot does not hold that much.' },
  'amount-differs': { status: 409, title: 'The two entries do not name the same amount.' },
  'pledge-withdrawn': { status: 409, title: 'The pledge was withdrawn.' },
  'pledge-entered': { status: 409, title: 'Money for this pledge was entered already.' },
  'pledged-for-another-pot': { status: 409, title: 'The agency pledged this money to another pot.' },
  'not-confirmed': { status: 409, title: 'The contribution is not confirmed, so there is nothing to reverse.' },

  // Rounds and who may take part
  'not-ready': { status: 409, title: 'The round is not ready for this step.' },
  'reason-missing': { status: 400, title: 'Moving a round by hand needs a reason.' },
  'order-announced': { status: 409, title: 'The draw of the projects’ order has been announced; none is added, removed or renumbered.' },
  'frozen': { status: 409, title: 'This was frozen when voting opened.' },
  'not-on-roll': { status: 403, title: 'This person is not on the roll of this round.' },
  'too-young': { status: 403, title: 'The round has a minimum age.' },
  'credential-not-in-use': { status: 409, title: 'The round does not use this way of taking part.' },
  'codes-need-names': { status: 409, title: 'Codes must be assigned to names, because people can come into this round by another way as well.' },
  'not-audio': { status: 422, title: 'The file is no recording that can be taken: MP3, M4A, Ogg (Opus or Vorbis) or WAV.' },
  'audio-too-large': { status: 413, title: 'A recording holds at most 5 MB.' },
  'audio-too-long': { status: 422, title: 'A recording may last five minutes.' },
  'same-language': { status: 409, title: 'The text was written in this language.' },
  'consent-missing': { status: 403, title: 'A parent has not said yes yet.' },
  'consent-not-asked': { status: 409, title: 'Nobody asks for a parent’s consent here.' },
  'asked-enough': { status: 429, title: 'As many messages were sent as may be; bring the paper form.' },
  'outside-area': { status: 403, title: 'The round is for another area.' },

  // Ideas and their review
  'too-many-ideas': { status: 409, title: 'This account has sent as many ideas as one person may.' },
  'review-changed': { status: 409, title: 'The review was revised in the meantime.' },
  'interest-declared': { status: 409, title: 'Whoever has an interest in it has no hand in it.' },
  'running-costs-not-allowed': { status: 422, title: 'The money of this round does not pay running costs.' },
  'not-feasible': { status: 409, title: 'Only an idea that can be done, by its newest review, becomes a project.' },
  'on-ballot': { status: 409, title: 'The idea is on the ballot as a project.' },

  // Discussion
  'slow-down': { status: 429, title: 'This account has written, or reported, as much as one person may in an hour.' },

  // Pictures and delivery
  'picture-missing': { status: 400, title: 'The form came without a picture.' },
  'picture-words-missing': { status: 400, title: 'Every picture needs words that say what it shows.' },
  'picture-too-large': { status: 413, title: 'A picture holds at most 10 MB.' },
  'picture-wrong-kind': { status: 422, title: 'A picture is a JPEG, PNG or WebP file, by its own bytes.' },
  'picture-unreadable': { status: 422, title: 'The picture breaks off or is damaged.' },
  'picture-too-many-pixels': { status: 422, title: 'A picture holds at most 40 megapixels.' },
  'pictures-full': { status: 409, title: 'There are as many pictures here as there may be.' },
  'too-many-pictures': { status: 429, title: 'This account added as many pictures as one may in an hour.' },
  'not-awarded': { status: 409, title: 'Only a project that won is delivered.' },
  'already-done': { status: 409, title: 'The milestone is done already.' },
  'already-corrected': { status: 409, title: 'This piece of news was corrected already.' },

  // Ballots
  'voting-closed': { status: 409, title: 'Voting is over.' },
  'voting-not-open': { status: 409, title: 'Voting has not begun.' },
  'already-voted': { status: 409, title: 'There is a ballot already, and the request did not ask to replace it.' },
  'ballot-replaced': { status: 409, title: 'A newer ballot has taken the place of this one.' },
  'voted-on-paper': { status: 409, title: 'This person voted on paper.' },
  'illegal-ballot': { status: 422, title: 'The ballot breaks a rule of the round.' },
  'wrong-void-key': { status: 409, title: 'The secret of the ballot to replace does not match.' },
  'round-key-missing': { status: 503, title: 'The round’s key is not on this machine.' },

  // Between the close and the end of the turnout roll
  'own-entry': { status: 409, title: 'Whoever stands behind an entry has no part in striking it.' },
  'not-observer': { status: 403, title: 'No observer of this round signed that, or not in the last minutes.' },
  'draw-too-early': { status: 409, title: 'The draw has not been held yet, or is not the one that was named.' },
  'beacon-value-wrong': { status: 422, title: 'This is not the public beacon’s value that was named beforehand.' },
  'nothing-to-draw': { status: 409, title: 'No tie of this round waits for a draw.' },
  'roll-erased': { status: 404, title: 'The turnout roll of this round has been erased, or is not written yet.' },

  // Counting
  'rule-not-built': { status: 422, title: 'This rule cannot be counted yet.' },
  'needs-lot': { status: 409, title: 'A tie waits for the lot.' },
  'malformed-file': { status: 422, title: 'The file is malformed; nothing was changed.' },

  // Grants
  'charter-missing': { status: 409, title: 'A round opens only with a published charter, and with what was checked about its pot.' },
  'not-asking-now': { status: 409, title: 'Nobody can ask here at the moment.' },
  'way-not-offered': { status: 422, title: 'The charter does not pay in this way.' },
  'over-cap': { status: 409, title: 'This is more than one person is given in the period.' },
  'over-household-cap': { status: 409, title: 'This is more than one address is given in the period.' },
  'panel-sits': { status: 409, title: 'The panel that was drawn sits. Another is drawn when its time is over, or when everybody was asked.' },
  'nobody-to-thank': { status: 409, title: 'Nobody decided on this panel who was not thanked yet.' },
  'award-of-person': { status: 409, title: 'An award to a person is paid at the desk for awards, in the way they chose.' },
  'result-set-aside': { status: 409, title: 'The result behind this money was set aside.' },
  'too-many-requests': { status: 429, title: 'Many requests came from this network in the last hour.' },
  'too-soon': { status: 409, title: 'The time between being given something and asking again is not over.' },
  'knows-applicant': { status: 409, title: 'Nobody decides on a person they have an interest in.' },
  'proof-missing': { status: 409, title: 'At this sum the charter asks that a person sees a proof of address, or meets the person.' },
  'batches-not-allowed': { status: 409, title: 'The charter does not let one person decide this together with others.' },
  'nothing-to-appeal': { status: 409, title: 'Only a request that was declined can be looked at again.' },
  'appealed-once': { status: 409, title: 'Somebody else has been asked to look again; that happens once.' },
  'appeal-late': { status: 409, title: 'The days for asking somebody else to look again are over.' },
  'not-on-panel': { status: 403, title: 'This is for the members of the panel.' },
  'too-few-volunteers': { status: 409, title: 'Fewer residents would sit on a panel than it has seats.' },
  'nothing-awarded': { status: 409, title: 'Nothing is awarded here, or no longer.' },
  'not-adopted': { status: 409, title: 'The body that the charter names has not adopted this award yet.' },
  'reason-not-published': { status: 409, title: 'An award is refused only for a reason that was published before the round opened.' },
  'body-missing': { status: 409, title: 'The charter names a body that adopts, and nobody in this fund speaks for its agency.' },
  'terms-missing': { status: 409, title: 'The fund has not said yet where cash is collected and what thanks people for their time.' },
  'over-thanks': { status: 409, title: 'This is more than one person is thanked with in a year.' },
  'no-lead': { status: 409, title: 'The fund has named nobody for worries about safety.' },
  'awaits-draw': { status: 409, title: 'This waits for the draw, or on its list for money; nobody decides it before its turn.' },
  'reserve-too-small': { status: 409, title: 'What is kept back for what cannot wait does not hold that much.' },
  'panel-decides': { status: 409, title: 'A panel of residents decides this.' },

  // Payouts
  'voucher-not-found': { status: 404, title: 'No voucher of this fund has this code.' },
  'voucher-expired': { status: 409, title: 'The voucher has expired.' },
  'voucher-cancelled': { status: 409, title: 'The voucher was cancelled.' },
  'voucher-too-small': { status: 409, title: 'The voucher does not hold that much.' },
  'too-late-to-undo': { status: 409, title: 'The minutes for undoing have passed.' },
  'ticket-over': { status: 409, title: 'The voucher was read too long ago, or at another till; read its code again.' },
  'already-printed': { status: 409, title: 'A voucher is printed once.' },
  'plan-differs': { status: 422, title: 'The parts do not add up to what is set aside.' },
  'already-planned': { status: 409, title: 'This money is paid out in stages.' },
  'date-passed': { status: 422, title: 'The last day is over already, or years away.' },
  'nothing-due': { status: 409, title: 'The shop is owed nothing that can be settled now.' },
  'not-released': { status: 409, title: 'A voucher out of an award needs a second person before it is printed or spent.' },
  'cash-not-found': { status: 404, title: 'No payment in cash of this fund has this code.' },
  'cash-expired': { status: 409, title: 'The last day to collect this cash is over.' },
  'own-cash': { status: 409, title: 'Nobody pays cash to themselves.' },
  'not-their-address': { status: 409, title: 'The address is not one that this person signs in with.' },
  'no-cash-box': { status: 409, title: 'No box of cash is out that two people counted.' },
  'not-enough-cash': { status: 409, title: 'The box does not hold that much.' },
  'cash-waits': { status: 409, title: 'Cash of this box still waits for its witness.' },
  'update-missing': { status: 409, title: 'A stage is released against a published update, and there is none.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** What a problem carries beside its code: figures and fields, never sentences and nothing personal. */
export type ProblemFacts = Record<string, string | number | boolean | null | readonly string[]>;

/** An expected refusal: a value to return. The transaction rolls back unless `keep` is set. */
export class Refusal {
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;
  readonly keep: boolean;
  constructor(code: ProblemCode, facts: ProblemFacts, keep: boolean) {
    this.code = code;
    this.facts = facts;
    this.keep = keep;
  }
}

/** Refuses: the call changes nothing and is answered with this problem. */
export function refuse(code: ProblemCode, facts: ProblemFacts = {}): Refusal {
  return new Refusal(code, facts, false);
}

/** Refuses and keeps what the transaction wrote, as a wrong try is kept. */
export function refuseAndKeep(code: ProblemCode, facts: ProblemFacts = {}): Refusal {
  return new Refusal(code, facts, true);
}

/** The problem document of RFC 9457; `code` is what clients branch on. */
export function problemDocument(code: ProblemCode, facts: ProblemFacts = {}) {
  return { type: `urn:commonpot:problem:${code}`, title: problems[code].title, status: problems[code].status, code, ...facts };
}

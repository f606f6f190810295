/** The receipt as text, for paper and for `pnpm verify`: nothing in it says what was chosen. All in hexadecimal. */
export function signedReceipt(round: string, leaf: string, signature: string): string {
  return signature === '' ? '' : `round ${round}\nleaf ${leaf}\nreceipt ${signature}`;
}

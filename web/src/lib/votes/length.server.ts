/** The pages of a ballot without a script hold what was chosen, and their length would say it to whoever sees only that: on the line, or in a proxy's log. */
const STEP = 16 * 1024;
const [OPEN, CLOSE] = ['<!--', '-->'];

/** Fills a page up to a multiple of 16 KiB. */
export async function fillUp(response: Response): Promise<Response> {
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  const page = Buffer.from(await response.arrayBuffer());
  const missing = STEP - ((page.length + OPEN.length + CLOSE.length) % STEP);
  const filled = Buffer.concat([page, Buffer.from(OPEN + '0'.repeat(missing) + CLOSE)]);
  const headers = new Headers(response.headers);
  headers.set('content-length', String(filled.length));
  return new Response(filled, { status: response.status, headers });
}

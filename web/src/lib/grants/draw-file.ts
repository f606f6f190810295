/** A draw's file, as it is saved and as `pnpm verify` reads it. */
export function drawResponse(draw: object): Response {
  return new Response(`${JSON.stringify(draw, null, 1)}\n`, { headers: { 'content-type': 'application/json; charset=utf-8', 'content-disposition': 'attachment; filename="draw.json"', 'cache-control': 'public, max-age=60' } });
}

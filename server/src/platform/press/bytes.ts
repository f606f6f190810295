/** What a PDF document writes, gathered. */

/** Draws into the document, ends it, and answers its bytes. */
export async function bytesOf(document: PDFKit.PDFDocument, draw: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  draw();
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

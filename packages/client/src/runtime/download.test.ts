import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { downloadFile } from './download.ts';

const contents = Uint8Array.from({ length: 10 }, (_, i) => i);
const description = { bytes: 10, sha256: createHash('sha256').update(contents).digest('hex') };

/** An answer whose body arrives in two parts, and then ends or breaks off. */
const answer = (end: (controller: ReadableStreamDefaultController) => void) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(contents.slice(0, 4));
        controller.enqueue(contents.slice(4));
        end(controller);
      },
    }),
    { headers: { 'Content-Encoding': 'br' } },
  );

test('progress says how much has arrived, and of which answer', async () => {
  const progress: [number, string | null][] = [];
  const file = { name: 'a file', open: () => answer((controller) => controller.close()) };
  const bytes = await downloadFile(file, description, {
    onProgress: (received, { headers }) => progress.push([received, headers.get('Content-Encoding')]),
  });
  expect(bytes).toEqual(contents);
  expect(progress).toEqual([
    [4, 'br'],
    [10, 'br'],
  ]);
});

test.each([
  ['the connection breaks off', async () => answer((controller) => controller.error(new Error('reset'))), 'reset'],
  ['there is no connection', () => Promise.reject(new Error('offline')), 'offline'],
  ['the server has none', async () => new Response(null, { status: 204, statusText: 'No Content' }), '204 No Content'],
])('%s: the error names the file and the reason', async (_, open, reason) => {
  await expect(downloadFile({ name: 'a file', open }, description)).rejects.toMatchObject({
    name: 'GeneratorError',
    code: 'download',
    message: `a file: ${reason}`,
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { faultOf, mutatedRequest, randomFrom } from '../testing/mutated-requests.ts';
import { sendRaw } from '../testing/raw-http.ts';
import { writeTinyGallery } from '../testing/tiny-gallery.ts';
import { tinyModelFolder } from '../testing/tiny-server.ts';
import { startServer } from './start-server.ts';

const gallery = mkdtempSync(join(tmpdir(), 'tiny-gallery-'));
writeTinyGallery(gallery);
const server = await startServer({ models: [tinyModelFolder()], gallery, port: 0, host: '127.0.0.1' });
afterAll(async () => {
  await server.close();
  rmSync(gallery, { recursive: true });
});

test('1,500 mutated requests: no 5xx, no stack, every error a problem document', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const random = randomFrom(1);
  const faults: string[] = [];
  const statuses = new Set<string>();
  const requests = Array.from({ length: 1500 }, () => mutatedRequest(random, false)).values();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const request of requests) {
        const answer = await sendRaw(server.url, request).answer;
        statuses.add(answer.slice(9, 12));
        const fault = faultOf(answer);
        if (fault !== undefined) faults.push(`${fault}: ${JSON.stringify(request)}`);
      }
    }),
  );
  expect(faults).toEqual([]);
  expect(log).not.toHaveBeenCalled();
  // Neither all are right nor all wrong.
  for (const status of ['200', '204', '302', '400', '404', '405', '406']) expect(statuses).toContain(status);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTestHarness } from 'wrangler';
import { PACKAGE } from '../cloudflare/wrangler-config.ts';
import { LOCAL_ENVIRONMENT } from './local-environment.ts';

Object.assign(process.env, LOCAL_ENVIRONMENT);
const harness = createTestHarness({
  root: PACKAGE,
  workers: [
    {
      config: {
        name: 'collecting',
        main: join(PACKAGE, 'src/testing/collecting-worker.ts'),
        compatibility_date: '2026-08-01',
      },
    },
  ],
});
afterAll(() => harness.close());
await harness.listen();

test('V8 frees old objects in workerd whenever it collects young ones', async () => {
  const ask = async (path: string) => (await harness.fetch(path)).json();
  expect(await ask('/keep')).toBe(100);
  await ask('/drop');
  expect(await ask('/count')).toBe(0);
});

// @module-tag slow
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NodeProcess } from './process.ts';

test('counts what this process used, not what its parent did', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'));
  const script = join(folder, 'worker.ts');
  writeFileSync(
    script,
    `import { peakMemory } from '${import.meta.dirname}/peak-memory.ts';
     process.on('message', (bytes) => { if (bytes > 0) Buffer.alloc(bytes, 1); process.send(peakMemory()); });
     process.send('ready');`,
  );
  const large = Buffer.alloc(600e6, 1);
  const worker = await NodeProcess.start(script);
  const small = await worker.ask<number>(0);
  expect(large.at(-1)).toBe(1);
  expect(small).toBeLessThan(300e6);
  expect((await worker.ask<number>(200e6)) - small).toBeGreaterThan(150e6);
  worker.stop();
  rmSync(folder, { recursive: true });
});

import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { checkSizes } from './check-sizes.ts';

const MIB = 2 ** 20;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sizes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** Creates sparse files, which take no disk space. */
function write(sizes: Record<string, number>): void {
  for (const [name, bytes] of Object.entries(sizes)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), bytes);
  }
}
const check = () => checkSizes(join(folder, 'bundle'), join(folder, 'gallery'));

test('sizes at the limit are accepted; source maps do not count', async () => {
  write({ 'bundle/worker.js': 4 * MIB, 'bundle/worker.js.map': 90 * MIB, 'bundle/generator.onnx': 60 * MIB });
  write({ 'gallery/index.html': 1, 'gallery/models/dogs-64/generator.onnx': 25 * MIB });
  expect(await check()).toEqual({ script: 64 * MIB, largestAsset: 25 * MIB });
});

test('a script that is too large is rejected, naming its largest file', async () => {
  write({ 'bundle/worker.js': 4 * MIB + 1, 'bundle/generator.onnx': 60 * MIB, 'gallery/index.html': 1 });
  await expect(check()).rejects.toThrow(/is 64.0 MiB; Cloudflare's limit is 64 MiB.* generator.onnx, 60.0 MiB/);
});

test('a gallery file that is too large is rejected by name', async () => {
  write({ 'bundle/worker.js': 1, 'gallery/models/dogs-64/generator.onnx': 25 * MIB + 1 });
  await expect(check()).rejects.toThrow(/models\/dogs-64\/generator.onnx is 25.0 MiB/);
});

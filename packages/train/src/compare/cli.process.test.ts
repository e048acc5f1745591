/** `pnpm compare` in a child process. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runFixture } from './runs.fixture.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'compare-'));
  await runFixture(join(root, 'runs'), { metrics: { 20000: { 'swd.mean': 3, frechetRandom: 1 } } });
  await runFixture(join(root, 'runs'), { changes: { loss: 'hinge' }, metrics: { 20000: { 'swd.mean': 4 } } });
});
afterAll(() => rm(root, { recursive: true, force: true }));

function compare(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = join(import.meta.dirname, 'cli.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...argv], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('prints only the table on stdout, and writes the page and the picture', async () => {
  const names = ['00000-photos-64', '00001-photos-64-loss-hinge'];
  const { code, stdout, stderr } = await compare(...names, '--markdown', '--plot', 'plot.svg');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^1,234 images of photos.*```\n$/s);
  expect(stderr).toBe('Written: compare.html\nWritten: plot.svg\n');
  expect(await readFile(join(root, 'compare.html'), 'utf8')).toContain('<h1>2 runs compared</h1>');
  expect(await readFile(join(root, 'plot.svg'), 'utf8')).toMatch(/^<svg/);
});

test('reports a mistake in one line', async () => {
  const { code, stderr } = await compare(
    '00000-photos-64',
    '00001-photos-64-loss-hinge',
    '--out',
    'no/such/place.html',
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: --out: can't write 'no\/such\/place.html': no such file or folder\n$/);
});

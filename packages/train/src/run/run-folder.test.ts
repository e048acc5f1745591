import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { MakeDirectoryOptions, Mode, PathLike } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { presetConfig } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRun, findRun } from './run-folder.ts';
import { runName } from './run-name.ts';
import { checkSameDataset, readRunRecord, writeRunRecord } from './run-record.ts';

/** Called just before a folder is created. */
const meanwhile = vi.hoisted(() => ({ beforeMkdir: async (_path: string): Promise<void> => {} }));
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  const mkdir: typeof actual.mkdir = async (path: PathLike, options?: MakeDirectoryOptions | Mode | null) => {
    await meanwhile.beforeMkdir(String(path));
    return (await actual.mkdir(path, options)) as undefined;
  };
  return { ...actual, mkdir };
});

const dataset = { name: 'kaggle', count: 12_500, fingerprint: 'abc123' };
const photos = (changes: Partial<Config> = {}): Config => ({ ...presetConfig('dogs', 'photos'), ...changes });

describe('runName', () => {
  test.each<[string, Config]>([
    ['00007-kaggle-64', photos()],
    ['00007-kaggle-64-channels64-lr-g1e-3', photos({ channels: 64, lrG: 0.001 })],
    ['00007-kaggle-128-images3M-seed42', photos({ size: 128, images: 3_000_000, seed: 42 })],
    ['00007-kaggle-64-images200k', photos({ images: 200_000 })],
    ['00007-kaggle-64-images1234567', photos({ images: 1_234_567 })],
    ['00007-kaggle-64-no-flip-no-augment-no-guard', photos({ flip: false, augment: [], guard: false })],
    ['00007-kaggle-64-crop-attention-augment-color', photos({ crop: 'attention', augment: ['color'] })],
    ['00007-kaggle-64-paper', presetConfig('paper', 'photos')],
    ['00007-kaggle-64-student-lr-g0.01-lr-d0.01', { ...presetConfig('student', 'photos'), lrG: 0.01, lrD: 0.01 }],
    [
      '00007-kaggle-64-from-dogs-64-images80k-freeze-d3',
      { ...presetConfig('dogs', 'photos', true), from: '/home/me/models/dogs-64/', images: 80_000, freezeD: 3 },
    ],
    ['00007-kaggle-64', photos({ device: 'cpu', tickEvery: 1, sheetEvery: 1, checkpointEvery: 1 })],
  ])('%s', (name, config) => {
    expect(runName(7, config, 'kaggle')).toBe(name);
  });

  test.each([
    ['My Dogs (2024).zip', 'My-Dogs-2024-.zip'],
    ['../../etc/passwd', 'etc-passwd'],
    ['...', 'photos'],
    ['犬の写真', '犬の写真'],
    ['a\u0000b\nc:d*e', 'a-b-c-d-e'],
    ['x'.repeat(300), 'x'.repeat(32)],
  ])('dataset %j becomes %s', (name, slug) => {
    expect(runName(0, photos(), name)).toBe(`00000-${slug}-64`);
  });

  test('stays short with many differences', () => {
    const everything = {
      ...presetConfig('student', 'x'),
      ...photos({ channels: 64, r1: 0.5, seed: 5 }),
      preset: 'student' as const,
    };
    const name = runName(123_456, everything, '犬'.repeat(100));
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name).toMatch(/-and-\d+-more$/);
  });
});

describe('in a folder', () => {
  let out: string;
  beforeEach(async () => {
    out = join(await mkdtemp(join(tmpdir(), 'runs-')), 'runs');
  });
  afterEach(() => rm(join(out, '..'), { recursive: true }));

  test('numbers continue from the highest, whatever else is in the folder', async () => {
    const make = async () => basename(await createRun({ out, config: photos(), dataset }));
    expect(await make()).toBe('00000-kaggle-64');
    await mkdir(join(out, '00041-gone-64'));
    await mkdir(join(out, '99-not-a-run'));
    await writeFile(join(out, 'notes.txt'), '');
    expect(await make()).toBe('00042-kaggle-64');
    expect(await make()).toBe('00043-kaggle-64');
    expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('config.json contains the resolved settings, the data and the versions', async () => {
    const config = photos({ channels: 16 });
    const before = Date.now();
    const run = await createRun({ out, config, dataset });
    const after = Date.now();
    const record = await readRunRecord(run);
    expect(record).toMatchObject({ format: 1, config, dataset });
    expect(record.versions).toMatchObject({ node: process.versions.node });
    expect(record.versions['@tensorflow/tfjs-core']).toBe('4.22.0');
    expect(record.versions.sharp).toMatch(/^\d+\.\d+\.\d+/);
    expect(record.versions['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+/);
    expect(Date.parse(record.created)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(record.created)).toBeLessThanOrEqual(after);
  });

  test('parallel processes get different numbers', { tags: 'slow' }, async () => {
    await mkdir(out);
    const script = join(out, '..', 'make.mjs');
    const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    await writeFile(
      script,
      `import { createRun } from ${url('./run-folder.ts')};
       import { presetConfig } from ${JSON.stringify(import.meta.resolve('@latent-dogs/dcgan'))};
       process.send('ready');
       await new Promise((resolve) => process.once('message', resolve));
       // Another dataset in each process: the names alone would not collide.
       for (let i = 0; i < 20; i++) {
         const dataset = { name: 'from-' + process.argv[2], count: 1, fingerprint: '' };
         await createRun({ out: ${JSON.stringify(out)}, config: presetConfig('dogs', 'x'), dataset });
       }
       process.disconnect();`,
    );
    const children = [0, 1, 2, 3].map((i) => fork(script, [String(i)], { execArgv: [] }));
    await Promise.all(children.map((child) => once(child, 'message')));
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.send('go');
    for (const [code] of await Promise.all(ended)) expect(code).toBe(0);
    const numbers = (await readdir(out)).map((name) => Number(name.slice(0, 5)));
    expect(new Set(numbers).size).toBe(80);
    expect(numbers).toHaveLength(80);
  });

  test('a run created between the listing and the mkdir keeps its number', async () => {
    const make = (name: string) => createRun({ out, config: photos(), dataset: { ...dataset, name } });
    let other = '';
    meanwhile.beforeMkdir = async (path) => {
      if (!path.endsWith('.00000')) return;
      meanwhile.beforeMkdir = async () => {};
      other = await make('other');
    };
    const run = await make('this');
    expect([basename(other), basename(run)]).toEqual(['00000-other-64', '00001-this-64']);
    expect((await readdir(out)).length).toBe(2);
  });

  test('a folder that is not writable is named', async () => {
    await writeFile(out, 'a file');
    await expect(createRun({ out, config: photos(), dataset })).rejects.toThrow(UserError);
    await expect(createRun({ out, config: photos(), dataset })).rejects.toThrow(/--out: .*runs/);
  });

  test('latest is the highest number with a config.json; others are found by path or name', async () => {
    const first = await createRun({ out, config: photos(), dataset });
    const second = await createRun({ out, config: photos({ seed: 1 }), dataset });
    await mkdir(join(out, '00009-broken-64'));
    expect(await findRun('latest', out)).toBe(second);
    expect(await findRun(first, 'elsewhere')).toBe(first);
    expect(await findRun(basename(first), out)).toBe(first);
  });

  test('latest does not count renamed runs, and says so if there are no others', async () => {
    const first = await createRun({ out, config: photos(), dataset });
    const second = await createRun({ out, config: photos(), dataset });
    await rename(second, join(out, 'favourite'));
    expect(await findRun('latest', out)).toBe(first);
    expect(await findRun('favourite', out)).toBe(join(out, 'favourite'));
    await rm(first, { recursive: true });
    await expect(findRun('latest', out)).rejects.toThrow(`such as ${join(out, 'favourite')}`);
  });

  test('a missing run is an error that names existing ones', async () => {
    await expect(findRun('latest', out)).rejects.toThrow(UserError);
    await expect(findRun('latest', out)).rejects.toThrow(/no run in '.*runs'/);
    const run = await createRun({ out, config: photos(), dataset });
    await expect(findRun('00009-x-64', out)).rejects.toThrow(`'00009-x-64' is not a run folder`);
    await expect(findRun('00009-x-64', out)).rejects.toThrow(run);
  });

  test('a config.json with an illegal value is refused, naming the setting', async () => {
    const run = await createRun({ out, config: photos(), dataset });
    const file = join(run, 'config.json');
    const record = JSON.parse(await readFile(file, 'utf8'));
    for (const [change, message] of [
      [{ batch: 0 }, /config\.batch: 0 is not legal; legal: a whole number from 2 to 1024/],
      [{ loss: 'magic' }, /config\.loss: "magic" is not legal; legal: one of non-saturating, /],
      [{ surprise: 1 }, /config\.surprise/],
      [{ images: 5 }, /config: images: 5 is less than one batch; legal: 32 or more/],
      [{ lrG: null }, /config\.lrG/],
    ] as const) {
      await writeFile(file, JSON.stringify({ ...record, config: { ...record.config, ...change } }));
      await expect(readRunRecord(run)).rejects.toThrow(UserError);
      await expect(readRunRecord(run)).rejects.toThrow(message);
    }
    await writeFile(file, '{"format":');
    await expect(readRunRecord(run)).rejects.toThrow(/is not a run folder/);
  });

  test('a run can be resumed with its own photos only', async () => {
    const run = await createRun({ out, config: photos(), dataset });
    const record = await readRunRecord(run);
    await writeRunRecord(run, { ...record, config: { ...record.config, images: 3_000_000 } });
    expect((await readRunRecord(run)).config.images).toBe(3_000_000);
    checkSameDataset(record, { ...dataset, name: 'moved' });
    const other = { name: 'kaggle', count: 12_400, fingerprint: 'def' };
    expect(() => checkSameDataset(record, other)).toThrow(UserError);
    expect(() => checkSameDataset(record, other)).toThrow(/12500 images .*12400 images/);
  });
});

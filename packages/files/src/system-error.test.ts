import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adviceOn, isDiskFull, naming, systemErrorText } from './system-error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'errors-'));
});
afterEach(() => rm(folder, { recursive: true }));

const failure = (work: () => Promise<unknown>) =>
  work().then(
    () => null,
    (error: unknown) => error,
  );

test('an error of the system names the file and what to do', async () => {
  const file = join(folder, 'a', 'b');
  expect(systemErrorText(await failure(() => writeFile(file, '')))).toBe(`${file}: no such file or folder`);
  await writeFile(join(folder, 'a'), '');
  expect(systemErrorText(await failure(() => writeFile(file, '')))).toMatch(/a part of that path is a file: move/);
});

test.runIf(process.platform === 'linux')(
  'a folder in the place of a file is named, not the file that should replace it',
  async () => {
    const [file, taken] = [join(folder, 'a'), join(folder, 'b')];
    await writeFile(file, '');
    await mkdir(taken);
    for (const work of [() => rename(file, taken), () => rm(taken, { force: true })])
      expect(systemErrorText(await failure(work))).toBe(
        `${taken}: there is a folder of that name: move it away, or name a file`,
      );
  },
);

test.runIf(process.platform === 'linux')('one of writing to an open file gets its path', async () => {
  const file = await open('/dev/full', 'w');
  const error = await failure(() => naming('/dev/full', () => file.writeFile('x')));
  await file.close();
  expect(isDiskFull(error)).toBe(true);
  expect(systemErrorText(error)).toBe('/dev/full: the disk is full: free some space');
});

test('other errors are none of the system', () => {
  for (const error of [new TypeError('a mistake of ours'), Object.assign(new Error(), { code: 'ENOENT' }), 'text'])
    expect([adviceOn(error), systemErrorText(error), isDiskFull(error)]).toEqual([null, null, false]);
});

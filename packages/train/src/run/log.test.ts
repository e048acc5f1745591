import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '@latent-dogs/dcgan';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEvents, openLog, readEvents, readLog, truncateLog } from './log.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'log-'));
});
afterEach(() => rm(run, { recursive: true }));

const line = (step: number): LogLine => ({
  imagesSeen: step * 32,
  step,
  epoch: 1,
  lossD: 1 / step,
  lossG: step,
  dReal: 0.6,
  dFake: 0.4,
  imagesPerSecond: 44,
  seconds: step,
});

function write(...steps: number[]) {
  const log = openLog(run);
  for (const step of steps) log.append(line(step));
  log.close();
}

const text = () => readFile(join(run, 'log.jsonl'), 'utf8');

test('lines are read in order, and a run without a log has none', async () => {
  expect(await readLog(run)).toEqual([]);
  write(1, 2);
  write(3);
  expect(await readLog(run)).toEqual([line(1), line(2), line(3)]);
});

test('lines that are no lines of a log are passed over', async () => {
  write(1);
  await appendFile(join(run, 'log.jsonl'), 'garbage\nnull\n5\n[1]\n{}\n{"imagesSeen":"x"}\n\0\n');
  write(2);
  expect(await readLog(run)).toEqual([line(1), line(2)]);
  await writeFile(join(run, 'events.jsonl'), 'null\n"text"\n{}\n{"message":"begun"}\n');
  expect(await readEvents(run)).toEqual([]);
  const event = { time: '2026-01-01T00:00:00Z', event: 'start', imagesSeen: 0, message: 'begun' };
  await appendFile(join(run, 'events.jsonl'), `${JSON.stringify(event)}\n`);
  expect(await readEvents(run)).toEqual([event]);
});

test('a folder in the place of the log is named', async () => {
  await mkdir(join(run, 'log.jsonl'));
  await expect(readLog(run)).rejects.toMatchObject({ code: 'EISDIR', path: join(run, 'log.jsonl') });
});

test('a resumed log equals that of an uninterrupted run, byte for byte', async () => {
  write(1, 2, 3, 4, 5, 6);
  const uninterrupted = await text();
  await writeFile(join(run, 'log.jsonl'), '');
  write(1, 2, 3, 4, 5);
  // The checkpoint was written at step 3.
  expect(await truncateLog(run, 96)).toEqual([line(4), line(5)]);
  write(4, 5, 6);
  expect(await text()).toBe(uninterrupted);
});

test('truncating at the end, and without a log, changes nothing', async () => {
  expect(await truncateLog(run, 0)).toEqual([]);
  write(1, 2);
  const before = await text();
  expect(await truncateLog(run, 64)).toEqual([]);
  expect(await text()).toBe(before);
});

test.each(['{"imagesSeen":12', '{"imagesSeen": 5}', 'x'.repeat(200_000)])(
  'a line that a kill left incomplete is not read, and removed before the next one is appended (%#)',
  async (torn) => {
    write(1, 2);
    await appendFile(join(run, 'log.jsonl'), torn);
    expect(await readLog(run)).toEqual([line(1), line(2)]);
    write(3);
    expect(await readLog(run)).toEqual([line(1), line(2), line(3)]);
    expect((await text()).trimEnd().split('\n')).toHaveLength(3);
  },
);

test('a file with only an incomplete line becomes empty', async () => {
  await writeFile(join(run, 'log.jsonl'), '{"im');
  openLog(run).close();
  expect(await text()).toBe('');
});

test('text with newlines stays on one line', async () => {
  const events = openEvents(run);
  const event = {
    time: '2026-01-01T00:00:00Z',
    event: 'photo-skipped',
    imagesSeen: 0,
    message: 'a\nb',
    file: 'x\u2028.jpg',
  };
  events.append(event, event);
  events.append();
  events.close();
  expect(await readEvents(run)).toEqual([event, event]);
});

test('values that are not finite become null', async () => {
  const log = openLog(run);
  log.append({ ...line(1), lossD: Number.NaN });
  log.close();
  expect((await readLog(run))[0]!.lossD).toBeNull();
});

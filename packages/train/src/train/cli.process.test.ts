/** `pnpm train` in a child process: killed, interrupted, resumed, failing. */
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readCheckpoint } from '../run/checkpoint.ts';
import { readEvents, readLog } from '../run/log.ts';
import { readRunRecord } from '../run/run-record.ts';
import {
  facePhotos,
  newestCheckpoint,
  photoFolder,
  photoOfNothing,
  runTraining,
  SMALL,
  startTraining,
} from './training-process.fixture.ts';

// The longest test runs half a dozen trainings, which may share their core with many others.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'train-'));
  await photoFolder(join(root, 'photos'));
  await mkdir(join(root, 'runs'));
  // The pictures of a run are no photos.
  await photoFolder(join(root, 'own', '00000-run'));
  await writeFile(join(root, 'own', '00000-run', 'config.json'), '{}');
  await mkdir(join(root, 'own', '00000-run', 'checkpoints'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** 40 steps, with a checkpoint every 5 steps; ticks coincide neither with checkpoints nor with evaluations. */
const FORTY_STEPS = [
  ...SMALL,
  '--images',
  '160',
  '--checkpoint-every',
  '20',
  '--tick-every',
  '12',
  '--sheet-every',
  '80',
  '--evaluate-every',
  '100',
  '--decay-images',
  '100',
];
const where = (name: string) => ['--data', 'photos', '--out', join('runs', name)];

async function onlyRun(name: string): Promise<string> {
  const [run, ...others] = await readdir(join(root, 'runs', name));
  expect(others).toEqual([]);
  return join(root, 'runs', name, run!);
}

/** With this option a process kills itself while writing its first checkpoint: after the weights, before the state. */
const KILLED_IN_CHECKPOINT = `--import=data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const { open } = fs;
  fs.open = (file, ...options) => {
    if (/\\.tmp-.*state\\.json$/.test(file)) process.kill(process.pid, 'SIGKILL');
    return open(file, ...options);
  };
  syncBuiltinESMExports();
`)}`;

/**
 * With this option writing a file whose path matches `pattern` fails with `code`, after half of its bytes, until the file `room` exists
 * in the working directory. So does opening it to write, unless the disk is full.
 */
const failingDisk = (code: string, pattern: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs/promises';
  import { existsSync } from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { open, statfs } = fs;
  const room = () => existsSync('room');
  const failure = (syscall, path) => Object.assign(new Error('${code}: made up'), { code: '${code}', syscall, path });
  fs.statfs = async (path) => ({ ...(await statfs(path)), bavail: room() ? 1000 : 0 });
  fs.open = async (file, flags, ...rest) => {
    const fails = /${pattern}/.test(file) && /[wa]/.test(flags ?? 'r') && !room();
    if (fails && '${code}' !== 'ENOSPC') throw failure('open', file);
    const handle = await open(file, flags, ...rest);
    if (fails)
      handle.writeFile = async (data) => {
        await handle.write(data, 0, data.length >> 1);
        throw failure('write');
      };
    return handle;
  };
  syncBuiltinESMExports();
`)}`;

const withoutTimes = (lines: object[]) => lines.map((line) => ({ ...line, seconds: 0, imagesPerSecond: 0 }));

test('with --decay-images the weights settle', async () => {
  expect((await runTraining(root, [...FORTY_STEPS, ...where('decay')])).code).toBe(0);
  const run = await onlyRun('decay');
  const filters = await Promise.all(
    [120, 140, 160].map(async (images) => {
      const { tensors } = await readCheckpoint(join(run, 'checkpoints', String(images).padStart(9, '0')));
      return tensors['d/1/filter']!.data;
    }),
  );
  const moved = [0, 1].map((i) => Math.hypot(...filters[i]!.map((value, k) => filters[i + 1]![k]! - value)));
  // Five steps at 0.4 down to 0.24 of the rate, then five at 0.2 down to 0.04.
  expect(moved[1]! / moved[0]!).toBeGreaterThan(0.1);
  expect(moved[1]! / moved[0]!).toBeLessThan(0.65);
});

test('40 steps with kills and resumes end with the weights of 40 uninterrupted steps', async () => {
  expect((await runTraining(root, [...FORTY_STEPS, ...where('whole')])).code).toBe(0);
  const whole = await onlyRun('whole');
  const expected = await newestCheckpoint(whole);
  expect(expected.name).toBe('checkpoints/000000160');

  const resume = ['--resume', 'latest', '--out', join('runs', 'killed')];
  // Before its first step; in the middle of a tick; in the middle of writing a checkpoint; after its first tick.
  const first = startTraining(root, [...FORTY_STEPS, ...where('killed')]);
  await first.printed('Training in');
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  const killed = await onlyRun('killed');

  const second = startTraining(root, resume);
  await second.printed('36/160 images');
  second.child.kill('SIGKILL');
  expect(await second.ended).toBe('SIGKILL');

  const third = startTraining(root, resume, [KILLED_IN_CHECKPOINT]);
  expect(await third.ended).toBe('SIGKILL');
  const halfWritten = (await readdir(join(killed, 'checkpoints'))).filter((name) => name.startsWith('.tmp-'));
  expect(halfWritten).toHaveLength(1);
  expect(await readdir(join(killed, 'checkpoints', halfWritten[0]!))).toEqual(['weights.safetensors']);

  const fourth = startTraining(root, resume);
  await fourth.printed('images/s');
  fourth.child.kill('SIGKILL');
  expect(await fourth.ended).toBe('SIGKILL');

  const last = await runTraining(root, resume);
  expect(last.code, last.stderr).toBe(0);
  expect(await newestCheckpoint(killed)).toEqual(expected);
  const best = (folder: string) => readFile(join(folder, 'best'), 'utf8');
  expect(await best(killed)).toBe(await best(whole));
  expect(await readdir(join(killed, 'checkpoints'))).toEqual(await readdir(join(whole, 'checkpoints')));
  expect(withoutTimes(await readLog(killed))).toEqual(withoutTimes(await readLog(whole)));
  const sheet = 'fakes-000160.png';
  expect(await readFile(join(killed, sheet))).toEqual(await readFile(join(whole, sheet)));
  expect((await readdir(join(killed, 'checkpoints'))).filter((name) => name.startsWith('.'))).toEqual([]);
  expect((await readEvents(killed)).filter(({ event }) => event === 'run-resumed').length).toBeGreaterThanOrEqual(4);
});

test('on a full disk training waits, leaves nothing half written, and goes on by itself', async () => {
  const where = (name: string) => ['--data', 'photos', '--out', join('full', name)];
  await mkdir(join(root, 'full'));
  expect((await runTraining(root, [...FORTY_STEPS, ...where('whole')])).code).toBe(0);
  const training = startTraining(
    root,
    [...FORTY_STEPS, ...where('waiting')],
    [failingDisk('ENOSPC', '000000020|fakes-0*80')],
  );
  await training.printed('Training waits, and goes on');
  expect(training.stdout).toMatch(
    /checkpoints\/\.tmp-000000020-\d+\/weights\.safetensors: the disk is full: free some space/,
  );
  const [name] = await readdir(join(root, 'full', 'waiting'));
  const run = join(root, 'full', 'waiting', name!);
  expect(await readdir(join(run, 'checkpoints'))).toEqual(['000000000']);
  await writeFile(join(root, 'room'), '');
  expect(await training.ended, training.stderr).toBe(0);
  await rm(join(root, 'room'));
  expect(training.stdout).toContain('There is room on the disk again');
  const [whole] = await readdir(join(root, 'full', 'whole'));
  expect(await newestCheckpoint(run)).toEqual(await newestCheckpoint(join(root, 'full', 'whole', whole!)));
});

test('Ctrl-C ends the wait for a full disk; a resume goes on', async () => {
  const options = [...FORTY_STEPS, ...where('stopped')];
  const training = startTraining(root, options, [failingDisk('ENOSPC', '000000020')]);
  await training.printed('Training waits, and goes on');
  training.child.kill('SIGINT');
  expect(await training.ended).toBe(1);
  expect(training.stderr).toMatch(/^error: .*disk is full[^\n]*\n$/);
  const run = await onlyRun('stopped');
  expect((await readdir(join(run, 'checkpoints'))).filter((name) => name.startsWith('.'))).toEqual([]);
  expect((await runTraining(root, ['--resume', run])).code).toBe(0);
});

test('a run folder that is read-only or vanishes ends training with one line that says how to go on', async () => {
  const options = [
    ...SMALL,
    '--images',
    '1000000',
    '--tick-every',
    '40',
    '--checkpoint-every',
    '400',
    ...where('unlucky'),
  ];
  const training = startTraining(root, options);
  await training.printed('Epoch');
  const run = await onlyRun('unlucky');
  await rm(run, { recursive: true });
  expect(await training.ended).toBe(1);
  expect(training.stderr).toMatch(/^error: [^\n]*unlucky[^\n]*: no such file or folder\. [^\n]*--resume [^\n]*\n$/);
  expect(await readdir(join(root, 'runs', 'unlucky'))).toEqual([]);

  const whole = [...SMALL, '--images', '8', '--evaluate-every', '0', ...where('read-only')];
  expect((await runTraining(root, whole)).code).toBe(0);
  const kept = await onlyRun('read-only');
  for (const pattern of ['config', 'reals']) {
    const resumed = startTraining(root, ['--resume', kept, '--images', '16'], [failingDisk('EROFS', pattern)]);
    expect(await resumed.ended).toBe(1);
    expect(resumed.stderr).toMatch(
      /^error: [^\n]*read-only[^\n]*: the file system is read-only[^\n]*--resume [^\n]*\n$/,
    );
  }
});

test('without one whole checkpoint a run is not resumed, and nothing of it changes', async () => {
  expect((await runTraining(root, [...FORTY_STEPS, ...where('damaged')])).code).toBe(0);
  const run = await onlyRun('damaged');
  const contents = async () =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(run, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map(
            async ({ parentPath, name }) => [join(parentPath, name), await readFile(join(parentPath, name))] as const,
          ),
      ),
    );
  const checkpoints = await readdir(join(run, 'checkpoints'));
  expect(checkpoints.length).toBeGreaterThanOrEqual(3);
  for (const name of checkpoints) await truncate(join(run, 'checkpoints', name, 'weights.safetensors'), 100);
  for (const spoil of [async () => {}, () => rm(join(run, 'checkpoints'), { recursive: true })]) {
    await spoil();
    const before = await contents();
    const resumed = await runTraining(root, ['--resume', run]);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toMatch(/^error: --resume: no intact checkpoint is left of [^\n]*160 images[^\n]*\n$/);
    expect(await contents()).toEqual(before);
  }
});

test.each([1, 15, 16])('%i photos train; fewer than 16 are not evaluated', async (count) => {
  const data = `few-${count}`;
  await photoFolder(join(root, data), count);
  const options = [...SMALL, '--images', '16', '--evaluate-every', '8', '--data', data, '--out', join('runs', data)];
  const training = await runTraining(root, options);
  expect(training.code, training.stderr).toBe(0);
  const measured = (await readLog(await onlyRun(data))).filter(({ metrics }) => metrics);
  expect(measured.length > 0).toBe(count >= 16);
  expect(training.stdout.includes('No evaluations')).toBe(count < 16);
});

/** With this option standard output counts as a terminal. */
const TERMINAL = `--import=data:text/javascript,${encodeURIComponent(
  'Object.assign(process.stdout, { isTTY: true, columns: 80, cursorTo() {}, clearLine() {} });',
)}`;

test.each(['SIGINT', 'SIGTERM'] as const)('%s while dogs are drawn leaves the terminal as it was', async (signal) => {
  const training = startTraining(root, [...SMALL, '--seed', signal === 'SIGINT' ? '1' : '2'], [TERMINAL]);
  await training.printed('Drawing');
  training.child.kill(signal);
  expect(await training.ended).toBe(signal === 'SIGINT' ? 130 : 143);
  for (const [off, on] of [
    ['\x1b[?25l', '\x1b[?25h'],
    ['\x1b[?7l', '\x1b[?7h'],
  ] as const)
    expect(training.stdout.lastIndexOf(on)).toBeGreaterThan(training.stdout.lastIndexOf(off));
});

test('a search for learning rates refuses fewer than 16 photos', async () => {
  await photoFolder(join(root, 'five'), 5);
  const { code, stderr } = await runTraining(root, [...SMALL, '--data', 'five', '--find-lr', '--out', 'never']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^error: --data: 5 photos are too few for --find-lr[^\n]*\n$/),
  ]);
});

test('a run resumed with other augmentation records both, and when it changed', async () => {
  const options = [
    ...SMALL,
    '--images',
    '24',
    '--checkpoint-every',
    '12',
    '--evaluate-every',
    '0',
    ...where('changed'),
  ];
  expect((await runTraining(root, options)).code).toBe(0);
  const run = await onlyRun('changed');
  const resumed = await runTraining(root, ['--resume', run, '--augment', 'color,cutout', '--images', '48']);
  expect(resumed.code, resumed.stderr).toBe(0);
  const { config, changes } = await readRunRecord(run);
  expect(config).toMatchObject({ augment: ['color', 'cutout'], images: 48 });
  const before = { images: 24, decayImages: 0, augment: ['translation'], ada: 0, adaImages: 500_000 };
  expect(changes).toEqual([{ imagesSeen: 24, before }]);
  expect((await readLog(run)).at(-1)!.imagesSeen).toBe(48);

  const refused = await runTraining(root, ['--resume', run, '--latent', '9']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('--latent (8 in the run, 9 given)');
  const fewer = await runTraining(root, ['--resume', run, '--images', '40']);
  expect([fewer.code, fewer.stderr]).toEqual([1, 'error: --images: 40 is less than the 48 that the run has seen\n']);
  expect((await readRunRecord(run)).config.images).toBe(48);
});

test('a run of an earlier version goes on, exactly', async () => {
  const options = [
    ...SMALL,
    '--images',
    '24',
    '--checkpoint-every',
    '12',
    '--evaluate-every',
    '0',
    '--sheet-every',
    '12',
  ];
  expect((await runTraining(root, [...options, ...where('today')])).code).toBe(0);
  const today = await onlyRun('today');
  const earlier = join(root, 'earlier');
  await cp(today, earlier, { recursive: true });

  // As version 0.1 wrote them: other names, no --max-channels, --ada and --hold-out, no rates in the log.
  const file = join(earlier, 'config.json');
  const record = JSON.parse(await readFile(file, 'utf8'));
  const {
    tickEvery,
    sheetEvery,
    checkpointEvery,
    evaluateEvery,
    maxChannels: _,
    ada: __,
    adaImages: ___,
    holdOut: ____,
    ...settings
  } = record.config;
  const names = { tick: tickEvery, sheet: sheetEvery, checkpoint: checkpointEvery, evaluate: evaluateEvery };
  await writeFile(file, JSON.stringify({ ...record, config: { ...settings, ...names, loss: 'bce' } }));
  const log = (await readLog(earlier)).map(({ lrG: _, lrD: __, ...line }) => `${JSON.stringify(line)}\n`);
  await writeFile(join(earlier, 'log.jsonl'), log.join(''));

  for (const run of [today, earlier]) {
    const { code, stderr } = await runTraining(root, ['--resume', run, '--images', '48']);
    expect(code, stderr).toBe(0);
  }
  expect(await newestCheckpoint(earlier)).toEqual(await newestCheckpoint(today));
  expect((await readRunRecord(earlier)).config).toEqual((await readRunRecord(today)).config);
  expect((await readLog(earlier)).map(({ lrG }) => lrG)).toEqual([undefined, 2e-4]);
});

test.each<[string, (child: ChildProcess) => void]>([
  ['Ctrl-C', (child) => child.kill('SIGINT')],
  ['a closed pipe, as of `pnpm train | head`,', (child) => child.stdout!.destroy()],
  [
    'Ctrl-C in `pnpm train | tee log`, which also closes the pipe,',
    (child) => {
      child.stdout!.destroy();
      child.kill('SIGINT');
    },
  ],
  [
    'a closed terminal',
    (child) => {
      child.stdout!.destroy();
      child.kill('SIGHUP');
    },
  ],
])('%s writes a checkpoint, exits with 130, and a resume continues exactly from there', async (how, end) => {
  expect((await runTraining(root, [...FORTY_STEPS, ...where(`whole ${how}`)])).code).toBe(0);
  const expected = await newestCheckpoint(await onlyRun(`whole ${how}`));

  // No regular checkpoints: the one resumed from was written by Ctrl-C.
  const options = [...FORTY_STEPS, ...where(how), '--checkpoint-every', '100000'];
  const training = startTraining(root, options);
  await training.printed('36/160 images');
  end(training.child);
  expect(await training.ended).toBe(130);
  expect(training.stderr).toBe('');
  if (how === 'Ctrl-C')
    expect(training.stdout).toMatch(/Stopped at \d+ images\. Resume with: pnpm train --resume runs\/Ctrl-C\/00000-/);
  const run = await onlyRun(how);
  const stopped = await newestCheckpoint(run);
  const seen = Number(stopped.name.slice('checkpoints/'.length));
  expect(seen).toBeGreaterThanOrEqual(36);
  expect(seen).toBeLessThan(160);

  expect((await runTraining(root, ['--resume', run])).code).toBe(0);
  const { tensors, state } = await newestCheckpoint(run);
  expect({ tensors, state }).toEqual({ tensors: expected.tensors, state: expected.state });
});

test('with photos held out, the log and the report say how D takes them, the same after a resume', async () => {
  const options = [...FORTY_STEPS, '--hold-out', '0.25', '--evaluate-every', '80'];
  const whole = await runTraining(root, [...options, ...where('held-out')]);
  expect(whole.code, whole.stderr).toBe(0);
  expect(whole.stdout).toContain("24 images of 'photos' (6 of them held out), from image 0");
  // 160 images are nine epochs of the 18 photos that are trained on.
  expect(whole.stdout).toMatch(/^Epoch 9\/9 /m);
  const log = await readLog(await onlyRun('held-out'));
  const measured = log.filter(({ rv }) => typeof rv === 'number');
  expect(measured.map(({ imagesSeen }) => imagesSeen)).toEqual([84, 160]);
  expect(await readFile(join(await onlyRun('held-out'), 'report.html'), 'utf8')).toContain(
    '"rv":{"imagesSeen":[84,160]',
  );

  const killed = startTraining(root, [...options, ...where('held-out-killed')]);
  await killed.printed('96/160 images');
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  const run = await onlyRun('held-out-killed');
  const refused = await runTraining(root, ['--resume', run, '--hold-out', '0.5']);
  expect(refused.stderr).toContain('--hold-out (0.25 in the run, 0.5 given)');
  expect((await runTraining(root, ['--resume', run])).code).toBe(0);
  expect(withoutTimes(await readLog(run))).toEqual(withoutTimes(log));
});

test('a run cannot be trained by two processes at once', async () => {
  const training = startTraining(root, [...SMALL, ...where('shared'), '--images', '1000000', '--tick-every', '40']);
  await training.printed('Epoch');
  const run = await onlyRun('shared');
  const second = await runTraining(root, ['--resume', run]);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^error: .*process/);
  training.child.kill('SIGKILL');
  await training.ended;
});

test('the guard rolls a diverging run back three times, with lower learning rates, then stops with advice', async () => {
  // Rates so high that the losses are NaN within a few steps, also at a 64th of them.
  const hopeless = ['--preset', 'student', '--lr-g', '1', '--lr-d', '1', '--beta2', '0'];
  const options = [...hopeless, ...SMALL, '--images', '40000', '--tick-every', '40', '--checkpoint-every', '40'];
  const guarded = await runTraining(root, [...options, ...where('guarded')]);
  expect(guarded.code).toBe(1);
  expect(guarded.stderr).toMatch(/^error: /);
  expect(guarded.stderr).not.toMatch(/\n\s+at /);
  expect(guarded.stderr).toContain('--preset dogs');
  const events = (await readEvents(await onlyRun('guarded'))).filter(({ event }) => event.startsWith('guard'));
  expect(events.map(({ event }) => event)).toEqual([
    'guard-rolled-back',
    'guard-rolled-back',
    'guard-rolled-back',
    'guard-gave-up',
  ]);
  expect(events.slice(0, 3).map(({ lrScaleG }) => lrScaleG)).toEqual([1 / 4, 1 / 16, 1 / 64]);
  for (const { failure } of events) expect(failure).toHaveProperty('numbers.lossD');
});

test('unusable photos are skipped, counted and named; the run folder is complete', async () => {
  const photos = await photoFolder(join(root, 'mixed'), 6);
  await writeFile(join(photos, 'empty.jpg'), '');
  await writeFile(join(photos, 'notes.txt'), 'not a photo');
  const whole = await readFile(join(photos, '0.png'));
  await writeFile(join(photos, 'cut-off.png'), whole.subarray(0, whole.length / 2));
  const options = [...SMALL, '--images', '40', '--data', 'mixed', '--out', join('runs', 'mixed')];
  const training = await runTraining(root, options);
  expect(training.code, training.stderr).toBe(0);
  expect(training.stdout).toContain('6 images of');
  expect(training.stdout).toContain('3 files skipped');
  const run = await onlyRun('mixed');
  const skipped = (await readEvents(run)).filter(({ event }) => event === 'photo-skipped');
  expect(skipped.map(({ file }) => file).sort()).toEqual(['cut-off.png', 'empty.jpg', 'notes.txt']);
  const names = await readdir(run);
  for (const name of ['config.json', 'log.jsonl', 'events.jsonl', 'reals.png', 'fakes-000000.png', 'fakes-000040.png'])
    expect(names).toContain(name);
  const report = await readFile(join(run, 'report.html'), 'utf8');
  const sheets = report.matchAll(/<img src="data:image\/webp;base64,[^"]+" alt="Samples after (\d+) images"/g);
  expect([...sheets].map(([, images]) => images)).toEqual(['0', '40']);
  // The lines of a log file: epoch, batch and losses; no control characters.
  expect(training.stdout).toMatch(/^Epoch \d+\/7 \d\/2 {2}D_loss \d\.\d{4} G_loss \d+\.\d{4} .* images\/s .*ETA/m);
  expect(training.stdout).not.toContain('\u001b');
  expect(training.stdout).toMatch(/Samples: .*fakes-000040\.png\nReport: .*report\.html\nNext: .*pnpm export --run/);
});

test('--crop face leaves out photos without a face, counts and names them, and says what to do if none is left', async () => {
  const photos = await facePhotos(join(root, 'faces'), 6);
  await photoOfNothing(join(photos, 'lawn.png'));
  const options = [...SMALL, '--images', '12', '--crop', 'face'];
  const training = await runTraining(root, [...options, '--data', 'faces', '--out', join('runs', 'faces')]);
  expect(training.code, training.stderr).toBe(0);
  expect(training.stdout).toContain("6 images of 'faces' (1 file skipped: 1 no face found; see events.jsonl)");
  const skipped = (await readEvents(await onlyRun('faces'))).filter(({ event }) => event === 'photo-skipped');
  expect(skipped).toMatchObject([{ file: 'lawn.png', reason: 'no face found' }]);

  await mkdir(join(root, 'lawns'));
  await photoOfNothing(join(root, 'lawns', 'lawn.png'));
  const none = await runTraining(root, [...options, '--data', 'lawns', '--out', 'never']);
  expect(none.code).toBe(1);
  expect(none.stderr).toBe(
    "error: no dog's face was found in lawns: of 1 files, 1 no face found; use --crop attention or --crop center instead\n",
  );
  const dry = await runTraining(root, [...options, '--data', 'lawns', '--dry-run']);
  expect(dry.stdout).toContain("Would cut the dog's face out of each photo");
});

test.each([
  [['--lr-g', '7'], /--lr-g.*7/],
  [['--data', 'nowhere'], /nowhere/],
  [['--resume', 'nothing'], /nothing/],
  [['--images', 'many'], /--images/],
  [['--data', 'nowhere', '--dry-run'], /nowhere does not exist/],
  [[...SMALL, '--data', 'own', '--dry-run'], /no usable photo in own/],
  [['--precision', 'mixed', '--device', 'cpu', '--dry-run'], /--precision mixed/],
  [[...SMALL, '--data', 'photos', '--hold-out', '0.01', '--dry-run'], /--hold-out: 0\.01 of 24 photos/],
  [
    [...SMALL, '--data', 'photos', '--find-lr', '--dry-run', '--out', 'photos/0.png/runs'],
    /--out: .*0\.png.*; give a writable folder/,
  ],
  [[...SMALL, '--data', 'photos', '--dry-run', '--out', 'photos/0.png'], /--out: .*0\.png' is a file/],
  [[...SMALL, '--data', 'photos', '--hold-out', '0.01'], /--hold-out: 0\.01 of 24 photos leaves none to hold out/],
])('%j gives one line and exit code 1, and nothing is written', async (options, message) => {
  const training = await runTraining(root, options.includes('--out') ? options : [...options, '--out', 'never']);
  expect(training.code).toBe(1);
  expect(training.stderr).toMatch(message);
  expect(training.stderr).not.toMatch(/\n\s+at /);
  expect(await readdir(root)).not.toContain('never');
});

test('a dry run prints the plan and writes nothing', async () => {
  const training = await runTraining(root, [...FORTY_STEPS, '--data', 'photos', '--out', 'never', '--dry-run']);
  expect(training.code).toBe(0);
  expect(training.stdout).toMatch(/^\* images +160/m);
  expect(training.stdout).toMatch(/^About [\d.]+ MB on disk for the run, 295 kB for the decoded images/m);
  expect(await readdir(root)).not.toContain('never');
});

/** @module A training on a small disk that is full: it waits, and goes on by itself. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makePhotos, onlyRun, runTraining, SMALL, startTraining, weightsOf } from './training.ts';

const run = promisify(execFile);
const LENGTH = '--images 800 --checkpoint-every 100 --tick-every 40 --evaluate-every 0'.split(' ');
const DISK = 'size=24m';

export async function soakDisk(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'soak-disk-'));
  const disk = join(root, 'disk');
  await mkdir(disk);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', disk]);
  } catch {
    await rm(root, { recursive: true });
    return 'skipped: mounting a small disk needs root on Linux';
  }
  let training: ReturnType<typeof startTraining> | null = null;
  try {
    await makePhotos(root);
    await runTraining(root, [...SMALL, ...LENGTH, '--out', 'whole']);
    const waiting = startTraining(root, [...SMALL, ...LENGTH, '--out', 'disk']);
    training = waiting;
    const said = async (text: string) => {
      while (!waiting.output.includes(text)) {
        const over = await Promise.race([waiting.ended, setTimeout(50, null)]);
        if (over !== null) throw new Error(`training ended with ${over} without '${text}':\n${waiting.output}`);
      }
    };
    await said('Epoch');
    await fill(join(disk, 'filler'));
    await said('Training waits');
    const place = await onlyRunBeside(disk, 'filler');
    const left = (await readdir(join(place, 'checkpoints'))).filter((name) => name.startsWith('.'));
    if (left.length > 0) throw new Error(`half a checkpoint is left: ${left}`);
    await rm(join(disk, 'filler'));
    const end = await waiting.ended;
    if (end !== 0) throw new Error(`training ended with ${end}:\n${waiting.output}`);
    if ((await weightsOf(place)) !== (await weightsOf(await onlyRun(join(root, 'whole')))))
      throw new Error('it ended with other weights');
    return 'on a full disk (tmpfs) training waited, left nothing half written, went on by itself, and ended with the same weights';
  } finally {
    training?.child.kill('SIGKILL');
    await training?.ended;
    await run('umount', [disk]);
    await rm(root, { recursive: true, force: true });
  }
}

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const length of [2 ** 20, 2 ** 12])
      for (;;) if ((await file.write(Buffer.alloc(length)).catch(() => null)) === null) break;
  } finally {
    await file.close();
  }
}

async function onlyRunBeside(out: string, other: string): Promise<string> {
  const [name] = (await readdir(out)).filter((one) => one !== other);
  return join(out, name!);
}

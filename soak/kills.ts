/** @module Trainings ended by SIGKILL at random moments, and resumed, end with the weights of one that was never killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { grouped } from '@latent-dogs/command-line';
import { randomOf } from './random.ts';
import { makePhotos, onlyRun, runTraining, SMALL, startTraining, weightsOf } from './training.ts';

const LENGTH = '--images 4000 --checkpoint-every 100 --tick-every 40 --sheet-every 400 --evaluate-every 0'.split(' ');
/** Milliseconds until a kill, at most: decoding, starting, and some hundred steps. */
const LONGEST = 8_000;

export async function soakKills({ count, seed }: { count: number | null; seed: number }): Promise<string> {
  const wanted = count ?? 50;
  const random = randomOf(seed);
  const root = await mkdtemp(join(tmpdir(), 'soak-kills-'));
  try {
    await makePhotos(root);
    await runTraining(root, [...SMALL, ...LENGTH, '--out', 'whole']);
    const expected = await weightsOf(await onlyRun(join(root, 'whole')));
    let [kills, chains] = [0, 0];
    while (kills < wanted) {
      const out = `killed-${chains++}`;
      let begun = false;
      for (let over = false; !over; ) {
        const resume = begun ? ['--resume', await onlyRun(join(root, out))] : [...SMALL, ...LENGTH, '--out', out];
        const training = startTraining(root, resume);
        if (kills < wanted) {
          await Promise.race([training.ended, setTimeout(random(LONGEST))]);
          training.child.kill('SIGKILL');
        }
        const end = await training.ended;
        begun ||= training.output.includes('Training in');
        if (end === 'SIGKILL') kills++;
        else if (end === 0) over = true;
        else throw new Error(`after ${kills} kills training ended with ${end}:\n${training.output}`);
      }
      const run = await onlyRun(join(root, out));
      if ((await weightsOf(run)) !== expected) throw new Error(`${run} ended with other weights`);
      await rm(join(root, out), { recursive: true });
    }
    return `${grouped(kills)} SIGKILLs in ${chains} ${chains === 1 ? 'run' : 'runs'}, each resumed to its end: the same weights as a run that was never killed`;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

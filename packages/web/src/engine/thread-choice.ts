/**
 * @module The number of threads for a model. It is measured, since a second thread makes small pictures slower on many
 * devices: the first visit begins with one thread, compares it with several while the page rests, and keeps the better
 * choice on the device for this model.
 */
import { usableThreads } from '@latent-dogs/client/runtime/capabilities';
import { effect } from '@preact/signals';
import { keep, recall } from '../state/device-storage.ts';
import type { DogMaker, ModelSource } from './dog-maker.ts';

/** For all rounds together; a rival that takes longer has stopped. */
const COMPARISON_LIMIT = 15_000;
/** Rests before the comparison, so that it does not delay the first dogs. */
const MILLISECONDS_BEFORE = 4000;
const ROUNDS = 9;
/** Rounds whose time does not count. */
const WARM_UP = 2;
/** Several threads must take less than this share of the time: they cost memory and battery. */
const WORTHWHILE = 0.85;

const keyOf = (sha256: string) => `latent-dogs/threads/${sha256.slice(0, 16)}`;

/** What was chosen on this device for the model, or 1. */
export function threadsFor(sha256: string): number {
  const chosen = Number(recall(keyOf(sha256)));
  return Number.isInteger(chosen) && chosen >= 1 ? Math.min(chosen, usableThreads()) : 1;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Whether `rival` makes dogs much faster than `maker`. They take turns, so that other work slows both. */
export async function isFaster(
  rival: Pick<DogMaker, 'time'>,
  maker: Pick<DogMaker, 'time'>,
  latentSize: number,
): Promise<boolean> {
  const z = new Float32Array(latentSize);
  const times: [number, number][] = [];
  for (let round = 0; round < ROUNDS; round++) times.push([await maker.time(z), await rival.time(z)]);
  const counted = times.slice(WARM_UP);
  return median(counted.map(([, theirs]) => theirs)) < WORTHWHILE * median(counted.map(([ours]) => ours));
}

/**
 * Compares one thread with several, once for every model, and lets `maker` go on with the better choice.
 *
 * @param rival a maker without a worker
 * @returns gives the comparison up
 */
export function chooseThreadsLater(
  maker: DogMaker,
  rival: DogMaker,
  source: ModelSource,
  latentSize: number,
): () => void {
  const threads = usableThreads();
  if (threads === 1 || recall(keyOf(source.sha256)) !== null) return () => {};
  let givenUp = false;
  let stopWatching = () => {};
  const timer = setTimeout(() => {
    rival.start(source, { provider: 'wasm', threads });
    stopWatching = effect(() => {
      const status = rival.status.value;
      if (status.phase === 'loading') return;
      if (status.phase === 'failed' || status.threads === 1) {
        keep(keyOf(source.sha256), '1');
        rival.stop();
        return;
      }
      const tooLong = new Promise<false>((end) => setTimeout(end, COMPARISON_LIMIT, false));
      void Promise.race([isFaster(rival, maker, latentSize), tooLong]).then((faster) => {
        if (givenUp) return;
        keep(keyOf(source.sha256), String(faster ? threads : 1));
        if (faster) maker.adopt(rival);
        else rival.stop();
      });
    });
  }, MILLISECONDS_BEFORE);
  return () => {
    givenUp = true;
    clearTimeout(timer);
    stopWatching();
    rival.stop();
  };
}

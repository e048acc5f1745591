/** @module The training loop: steps, ticks, sheets, checkpoints, and the guard's roll-backs. */
import { deriveSeed, NormalStream, type PictureSource } from '@latent-dogs/latent';
import { decay } from '../settings/learning-rates.ts';
import type { Config } from '../settings/settings.ts';
import { Gan, type LearningRates } from '../step/gan.ts';
import { type CreateNetworks, SAMPLES } from '../step/networks.ts';
import { allFinite, finiteOrNull, type StepNumbers } from '../step/step-numbers.ts';
import { Ada, type AdaState } from './ada.ts';
import { Batches, type BatchesState } from './batches.ts';
import { type Failure, Guard, type GuardState } from './guard.ts';
import { GuardPolicy, type GuardPolicyState } from './guard-policy.ts';
import { splitPhotos } from './held-out.ts';
import type { LogLine } from './log-line.ts';
import { OverfittingMeasure } from './overfitting.ts';
import type { Checkpoint, RunStore } from './run-store.ts';
import { TickMeans, type TickSums } from './tick-means.ts';

/** Everything besides the tensors that the next step depends on: the `state` of a checkpoint. */
interface TrainingState {
  step: number;
  /** Seconds of training so far. */
  seconds: number;
  batches: BatchesState;
  tick: TickSums;
  guard: GuardState;
  policy: GuardPolicyState;
  /** Checkpoints of earlier versions lack it. */
  ada?: AdaState;
}

/** The parts that training is given: photos, compute backend, storage, callbacks. */
interface Training {
  config: Config;
  /** All photos, including those that `config` holds out. */
  photos: PictureSource;
  /** Diversity of the photos in the units of `StepNumbers.diversity`, for the guard. */
  realDiversity: number;
  createNetworks: CreateNetworks;
  store: RunStore;
  /** Compares samples (see `Gan.sample`) with photos; called every `config.evaluateEvery` images and at the end. */
  evaluate: (sample: (z: Float32Array) => Promise<Float32Array>) => Promise<Record<string, number>>;
  /** The checkpoint to continue from; null: start from random weights. */
  checkpoint: Checkpoint | null;
  /** Called between steps; true ends training early, with a checkpoint. */
  shouldStop: () => boolean;
  /** A checkpoint is also written after this many seconds without one. By default only `config.checkpointEvery` decides. */
  checkpointSeconds?: number;
  /** Called after every step. */
  onStep?: (imagesSeen: number) => void;
  /** Called at every tick. */
  onTick: (line: LogLine & StepNumbers) => void;
  /** Called with a message for the user when the guard rolls back. */
  onMessage: (message: string) => void;
}

export interface TrainingResult {
  /** False if training was stopped early. */
  finished: boolean;
  imagesSeen: number;
}

/**
 * Trains until `config.images` images are seen.
 *
 * @throws UserError if the guard gives up, or the backend cannot run here.
 */
export async function train(training: Training): Promise<TrainingResult> {
  const trainer = new Trainer(training);
  try {
    await trainer.begin();
    return await trainer.loop();
  } finally {
    await trainer.end();
  }
}

class Trainer {
  readonly #training: Training;
  readonly #config: Config;
  readonly #store: RunStore;
  readonly #sheetNoise: Float32Array;
  /** Number of photos that are trained on. */
  readonly #count: number;
  /** Null: no photos are held out. */
  readonly #overfitting: OverfittingMeasure | null;
  #gan!: Gan;
  #batches!: Batches;
  #ada!: Ada;
  #guard!: Guard;
  #policy!: GuardPolicy;
  #tick!: TickMeans;
  #step = 0;
  #seconds = 0;
  #sheetAt = -1;
  /** Time of the last checkpoint, milliseconds. */
  #checkpointAt = performance.now();

  constructor(training: Training) {
    this.#training = training;
    this.#config = training.config;
    this.#store = training.store;
    const { photos, config } = training;
    const { seed, latent } = config;
    this.#count = splitPhotos(photos, config).training.count;
    this.#overfitting = OverfittingMeasure.of(photos, config);
    this.#sheetNoise = new NormalStream(deriveSeed(seed, 'sheets')).fill(new Float32Array(SAMPLES * latent));
  }

  async begin(): Promise<void> {
    const { checkpoint, createNetworks } = this.#training;
    const start = checkpoint?.tensors ?? new NormalStream(deriveSeed(this.#config.seed, 'weights'));
    this.#gan = await Gan.create(this.#config, start, createNetworks);
    this.#continueFrom(checkpoint?.state);
    if (this.#step === 0) {
      await this.#writeSheet();
      await this.#writeCheckpoint();
    }
  }

  async loop(): Promise<TrainingResult> {
    const { images, batch, tickEvery, sheetEvery, checkpointEvery } = this.#config;
    const lastStep = Math.ceil(images / batch);
    // Whether this step is the first to reach a multiple of `every` images.
    const reaches = (every: number) =>
      Math.floor((this.#step * batch) / every) > Math.floor(((this.#step - 1) * batch) / every);
    while (this.#step < lastStep) {
      if (this.#training.shouldStop()) {
        await this.#writeCheckpoint();
        return this.#result(false);
      }
      const rates = await this.#takeStep();
      const last = this.#step === lastStep;
      const tick = reaches(tickEvery) || last ? await this.#endTick(rates, last) : { failure: null, evaluated: false };
      if (tick.failure) {
        await this.#rollBack(tick.failure);
        continue;
      }
      if (reaches(sheetEvery) || last) await this.#writeSheet();
      // An evaluation tells which checkpoint is the best, so it needs one.
      const due = reaches(checkpointEvery) || tick.evaluated || last || this.#checkpointIsOld;
      if (due) await this.#writeCheckpoint();
    }
    return this.#result(true);
  }

  async end(): Promise<void> {
    await this.#batches?.settle();
    await this.#gan?.dispose();
  }

  get #imagesSeen(): number {
    return this.#step * this.#config.batch;
  }

  get #checkpointIsOld(): boolean {
    const { checkpointSeconds = Number.POSITIVE_INFINITY } = this.#training;
    return performance.now() - this.#checkpointAt >= 1000 * checkpointSeconds;
  }

  async #takeStep(): Promise<LearningRates> {
    const started = performance.now();
    const batch = await this.#batches.next(this.#ada.p ?? 1);
    const rates = this.#rates();
    const step = this.#gan.step(batch, this.#step + 1, rates);
    this.#batches.prefetch();
    const numbers = await step;
    this.#step++;
    this.#ada.observe(numbers.signReal);
    this.#tick.add(numbers, (performance.now() - started) / 1000);
    this.#training.onStep?.(this.#imagesSeen);
    return rates;
  }

  /** The learning rates of the next step: as configured, times the guard's cuts and the decay. */
  #rates(): LearningRates {
    const { lrG, lrD } = this.#config;
    const { lrScaleG, lrScaleD } = this.#policy.state;
    const left = decay(this.#config, this.#imagesSeen);
    return { lrG: lrG * lrScaleG * left, lrD: lrD * lrScaleD * left };
  }

  /** Logs the tick. `last`: it ends the run. Returns the guard's verdict (null: no failure), and whether G was evaluated. */
  async #endTick(rates: LearningRates, last: boolean): Promise<{ failure: Failure | null; evaluated: boolean }> {
    const { steps, seconds, ...numbers } = this.#tick.take();
    this.#seconds += seconds;
    const metrics = allFinite(numbers) ? await this.#evaluate(steps, last) : null;
    const overfitting = metrics && (await this.#overfitting?.measure(this.#gan));
    const line: LogLine = {
      imagesSeen: this.#imagesSeen,
      step: this.#step,
      epoch: Math.ceil(this.#imagesSeen / this.#count),
      ...finiteOrNull(numbers),
      ...rates,
      ...(this.#ada.p === null ? {} : { augmentP: this.#ada.p }),
      imagesPerSecond: (steps * this.#config.batch) / seconds,
      seconds: this.#seconds,
      ...overfitting,
      ...(metrics ? { metrics } : {}),
    };
    this.#store.log(line);
    this.#training.onTick({ ...line, ...numbers });
    const verdict = this.#config.guard ? this.#guard.observe({ step: this.#step, ...numbers }) : 'ok';
    return { failure: verdict === 'ok' ? null : verdict, evaluated: metrics !== null };
  }

  /**
   * Metrics, if this tick of `steps` steps passed a multiple of `config.evaluateEvery` images, or ends a run of at least so
   * many images; else null.
   */
  async #evaluate(steps: number, last: boolean): Promise<Record<string, number> | null> {
    const { evaluateEvery, batch } = this.#config;
    if (evaluateEvery === 0) return null;
    const multiples = (step: number) => Math.floor((step * batch) / evaluateEvery);
    const due = last ? multiples(this.#step) > 0 : multiples(this.#step) > multiples(this.#step - steps);
    if (!due) return null;
    return this.#training.evaluate((z) => this.#gan.sample(z));
  }

  /** Restores the last healthy checkpoint and continues with lower learning rates. */
  async #rollBack(failure: Failure): Promise<void> {
    const from = this.#imagesSeen;
    let answer: ReturnType<GuardPolicy['answer']>;
    try {
      answer = this.#policy.answer(failure);
    } catch (error) {
      this.#note('guard-gave-up', (error as Error).message, { failure });
      throw error;
    }
    const checkpoint = await this.#store.rollbackCheckpoint(this.#policy.state.rolledBackTo);
    if (!checkpoint) throw new Error('there is no healthy checkpoint to roll back to');
    this.#policy.restored(checkpoint.imagesSeen);
    const policy = this.#policy.state;
    this.#note('guard-rolled-back', answer.message, { failure, from, to: checkpoint.imagesSeen, ...policy });
    this.#training.onMessage(answer.message);
    await this.#store.truncateAfter(checkpoint.imagesSeen);
    this.#gan.restore(checkpoint.tensors);
    await this.#batches.settle();
    this.#continueFrom(checkpoint.state, policy);
    this.#guard.reset(this.#step);
    // The lowered rates must survive a kill.
    await this.#writeCheckpoint();
  }

  #continueFrom(saved: Checkpoint['state'] = {}, rollbacks?: GuardPolicyState): void {
    const state = saved as Partial<TrainingState>;
    const { photos, realDiversity } = this.#training;
    this.#batches = new Batches(photos, this.#config, state.batches);
    this.#ada = new Ada(this.#config, state.ada);
    this.#guard = new Guard({ realDiversity, state: state.guard });
    this.#policy = new GuardPolicy({ config: this.#config, state: rollbacks ?? state.policy });
    this.#tick = new TickMeans(state.tick);
    this.#step = state.step ?? 0;
    this.#seconds = state.seconds ?? 0;
  }

  async #writeCheckpoint(): Promise<void> {
    const state: TrainingState = {
      step: this.#step,
      seconds: this.#seconds,
      batches: this.#batches.state,
      tick: this.#tick.state,
      guard: this.#guard.state,
      policy: this.#policy.state,
      ada: this.#ada.state,
    };
    await this.#store.writeCheckpoint({
      imagesSeen: this.#imagesSeen,
      healthy: this.#guard.calm,
      tensors: await this.#gan.tensors(),
      state: state as unknown as Record<string, unknown>,
    });
    this.#checkpointAt = performance.now();
  }

  async #writeSheet(): Promise<void> {
    this.#sheetAt = this.#imagesSeen;
    await this.#store.writeSheet(this.#imagesSeen, await this.#gan.sample(this.#sheetNoise));
  }

  #note(event: string, message: string, details: Record<string, unknown>): void {
    this.#store.event({ ...details, time: new Date().toISOString(), event, imagesSeen: this.#imagesSeen, message });
  }

  async #result(finished: boolean): Promise<TrainingResult> {
    // A training that was stopped early has at least one sheet, of its end.
    if (this.#sheetAt < 0) await this.#writeSheet();
    return { finished, imagesSeen: this.#imagesSeen };
  }
}

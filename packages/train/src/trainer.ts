/** @module The training loop: steps, ticks, sheets, checkpoints, and the guard's roll-backs. */
import { join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import {
  decay,
  type Failure,
  Guard,
  GuardPolicy,
  type GuardPolicyState,
  type GuardState,
  TickMeans,
  type TickSums,
} from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream } from '@latent-dogs/latent';
import { RunningEvaluation } from '@latent-dogs/metrics';
import { Batches, type BatchesState } from './batches.ts';
import type { Dataset } from './data/dataset.ts';
import { Gan, SAMPLES } from './gan.ts';
import type { TrainingReporter } from './progress.ts';
import {
  type Checkpoint,
  dropCheckpointsAfter,
  pruneCheckpoints,
  rollbackCheckpoint,
  writeCheckpoint,
} from './run/checkpoint.ts';
import { type LogLine, openEvents, openLog, type RunEvent, truncateLog } from './run/log.ts';
import { RunReport } from './run/report/report.ts';
import { writeSheet } from './run/sheet.ts';

/** All that the next step depends on besides the tensors; the `state` of a checkpoint. */
interface TrainingState {
  step: number;
  /** Spent in training so far. */
  seconds: number;
  batches: BatchesState;
  tick: TickSums;
  guard: GuardState;
  policy: GuardPolicyState;
}

export interface Training {
  runFolder: string;
  config: Config;
  dataset: Dataset;
  reporter: TrainingReporter;
  /** Diversity of the photos, see reals.ts. */
  realDiversity: number;
  /** Where to go on from; null begins. */
  checkpoint: Checkpoint | null;
  /** Asked between steps: true ends training early, with a checkpoint. */
  shouldStop?: () => boolean;
}

export interface TrainingResult {
  /** False where training was stopped early. */
  finished: boolean;
  imagesSeen: number;
  sheet: string;
  report: string;
}

/** Trains until `config.images` are seen. @throws UserError when the guard gives up. */
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
  readonly #run: string;
  readonly #sheetNoise: Float32Array;
  readonly #events;
  #log;
  #gan!: Gan;
  #report!: RunReport;
  #batches!: Batches;
  #guard!: Guard;
  #policy!: GuardPolicy;
  #tick!: TickMeans;
  #evaluation: RunningEvaluation | null = null;
  #step = 0;
  #seconds = 0;
  #sheet = '';

  constructor(training: Training) {
    this.#training = training;
    this.#config = training.config;
    this.#run = training.runFolder;
    this.#log = openLog(this.#run);
    this.#events = openEvents(this.#run);
    const { seed, latent } = training.config;
    this.#sheetNoise = new NormalStream(deriveSeed(seed, 'sheets')).fill(new Float32Array(SAMPLES * latent));
  }

  async begin(): Promise<void> {
    const { checkpoint } = this.#training;
    const start = checkpoint?.tensors ?? new NormalStream(deriveSeed(this.#config.seed, 'weights'));
    this.#gan = await Gan.create(this.#config, start);
    await this.#goOnFrom(checkpoint?.state as unknown as TrainingState | undefined);
    if (!checkpoint) {
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
      if (this.#training.shouldStop?.()) {
        await this.#writeCheckpoint();
        return this.#result(false);
      }
      await this.#takeStep();
      const last = this.#step === lastStep;
      const failure = reaches(tickEvery) || last ? await this.#endTick() : null;
      if (failure) {
        await this.#rollBack(failure);
        continue;
      }
      if (reaches(sheetEvery) || last) await this.#writeSheet();
      if (reaches(checkpointEvery) || last) await this.#writeCheckpoint();
    }
    return this.#result(true);
  }

  async end(): Promise<void> {
    this.#training.reporter.stop();
    this.#log.close();
    this.#events.close();
    await this.#evaluation?.dispose();
    await this.#gan?.dispose();
  }

  get #imagesSeen(): number {
    return this.#step * this.#config.batch;
  }

  async #takeStep(): Promise<void> {
    const started = performance.now();
    const { lrScaleG, lrScaleD } = this.#policy.state;
    const batch = await this.#batches.next();
    const left = decay(this.#config, this.#imagesSeen);
    const rates = { lrG: this.#config.lrG * lrScaleG * left, lrD: this.#config.lrD * lrScaleD * left };
    const result = await this.#gan.step(batch, ++this.#step, rates);
    this.#tick.add(result, (performance.now() - started) / 1000);
  }

  /** Logs the tick and asks the guard. */
  async #endTick(): Promise<Failure | null> {
    const means = this.#tick.take();
    this.#seconds += means.seconds;
    const { lossD, lossG, dReal, dFake, diversity } = means;
    const imagesPerSecond = (means.steps * this.#config.batch) / means.seconds;
    const finite = [lossD, lossG, dReal, dFake, diversity].every(Number.isFinite);
    const metrics = finite ? await this.#evaluate(means.steps) : null;
    const line: LogLine = {
      imagesSeen: this.#imagesSeen,
      step: this.#step,
      epoch: Math.ceil(this.#imagesSeen / this.#training.dataset.count),
      lossD: orNull(lossD),
      lossG: orNull(lossG),
      dReal: orNull(dReal),
      dFake: orNull(dFake),
      imagesPerSecond,
      seconds: this.#seconds,
      diversity: orNull(diversity),
      ...(metrics ? { metrics } : {}),
    };
    this.#log.append(line);
    this.#report.add(line);
    this.#training.reporter.tick({ imagesSeen: this.#imagesSeen, lossD, lossG, imagesPerSecond });
    if (!this.#config.guard) return null;
    const verdict = this.#guard.observe({
      step: this.#step,
      imagesSeen: this.#imagesSeen,
      lossD,
      lossG,
      dReal,
      dFake,
      diversity,
      finite,
    });
    return verdict === 'ok' ? null : verdict;
  }

  /** The metrics, where a multiple of `config.evaluateEvery` images lies within the tick of `steps` that ends here. */
  async #evaluate(steps: number): Promise<Record<string, number> | null> {
    const { evaluateEvery, batch } = this.#config;
    const multiples = (step: number) => Math.floor((step * batch) / evaluateEvery);
    if (evaluateEvery === 0 || multiples(this.#step) === multiples(this.#step - steps)) return null;
    this.#evaluation ??= await RunningEvaluation.create(this.#training.dataset, this.#config);
    return this.#evaluation.of((z) => this.#gan.sample(z));
  }

  /** Back to the last healthy checkpoint, and on with lower learning rates. */
  async #rollBack(failure: Failure): Promise<void> {
    const from = this.#imagesSeen;
    let answer: ReturnType<GuardPolicy['answer']>;
    try {
      answer = this.#policy.answer(failure);
    } catch (error) {
      this.#note('guard-gave-up', (error as Error).message, { failure });
      await this.#report.write();
      throw error;
    }
    const checkpoint = await rollbackCheckpoint(this.#run, this.#policy.state.rolledBackTo);
    if (!checkpoint) throw new Error(`${this.#run} holds no healthy checkpoint to roll back to`);
    this.#policy.wentBackTo(checkpoint.imagesSeen);
    const policy = this.#policy.state;
    this.#note('guard-rolled-back', answer.message, { failure, from, to: checkpoint.imagesSeen, ...policy });
    this.#training.reporter.say(answer.message);
    await dropCheckpointsAfter(this.#run, checkpoint.imagesSeen);
    this.#log.close();
    await truncateLog(this.#run, checkpoint.imagesSeen);
    this.#log = openLog(this.#run);
    this.#gan.restore(checkpoint.tensors);
    await this.#goOnFrom(checkpoint.state as unknown as TrainingState, policy);
    this.#guard.reset(this.#step);
    // What the roll-back decided must outlive a kill.
    await this.#writeCheckpoint();
  }

  async #goOnFrom(state: TrainingState | undefined, policy = state?.policy): Promise<void> {
    const { dataset, realDiversity } = this.#training;
    const { lrG, lrD } = this.#config;
    this.#batches = new Batches(dataset, this.#config, this.#gan.planar, state?.batches);
    this.#guard = new Guard({ realDiversity, ...(state ? { state: state.guard } : {}) });
    this.#policy = new GuardPolicy({ lrG, lrD, ...(policy ? { state: policy } : {}) });
    this.#tick = new TickMeans(state?.tick);
    this.#step = state?.step ?? 0;
    this.#seconds = state?.seconds ?? 0;
    this.#report = await RunReport.open(this.#run);
  }

  async #writeCheckpoint(): Promise<void> {
    const state: TrainingState = {
      step: this.#step,
      seconds: this.#seconds,
      batches: this.#batches.state,
      tick: this.#tick.state,
      guard: this.#guard.state,
      policy: this.#policy.state,
    };
    await writeCheckpoint(this.#run, {
      imagesSeen: this.#imagesSeen,
      healthy: this.#guard.calm,
      tensors: await this.#gan.tensors(),
      state: state as unknown as Record<string, unknown>,
    });
    await pruneCheckpoints(this.#run);
  }

  async #writeSheet(): Promise<void> {
    const images = await this.#gan.sample(this.#sheetNoise);
    this.#sheet = join(this.#run, `fakes-${String(this.#imagesSeen).padStart(6, '0')}.png`);
    await writeSheet({ file: this.#sheet, images, size: this.#config.size, columns: 8 });
    await this.#report.write();
  }

  #note(event: string, message: string, details: Record<string, unknown> = {}): void {
    const entry: RunEvent = {
      ...details,
      time: new Date().toISOString(),
      event,
      imagesSeen: this.#imagesSeen,
      message,
    };
    this.#events.append(entry);
  }

  async #result(finished: boolean): Promise<TrainingResult> {
    if (!this.#sheet) await this.#writeSheet();
    return { finished, imagesSeen: this.#imagesSeen, sheet: this.#sheet, report: await this.#report.write() };
  }
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

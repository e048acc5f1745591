/** @module The reaction to a failure: roll back with lower learning rates, up to three times, then stop. */
import { UserError } from '@latent-dogs/latent';
import type { Config } from '../settings/settings.ts';
import type { Failure } from './guard.ts';

/** JSON-safe; stored in checkpoints. A roll-back updates it and does not restore it. */
export interface GuardPolicyState {
  rollbacks: number;
  /** Factors of the configured learning rates. */
  lrScaleG: number;
  lrScaleD: number;
  /** Images seen at the checkpoint that the last roll-back restored. */
  rolledBackTo: number | null;
}

interface Rollback extends GuardPolicyState {
  message: string;
}

/** The settings that the guard knows; the learning rates are the configured ones. */
type GuardedConfig = Pick<Config, 'preset' | 'augment' | 'lrG' | 'lrD'>;

/** The learning rates of the paper. */
const SAFE = 2e-4;
const maxRollbacks = 3;
/** Three cuts lower 0.01, which is known to diverge, to 0.00016, which is known to train. */
const cut = 0.25;

export class GuardPolicy {
  readonly #config: GuardedConfig;
  #state: GuardPolicyState;

  constructor(options: { config: GuardedConfig; state?: GuardPolicyState }) {
    this.#config = options.config;
    this.#state = { ...(options.state ?? { rollbacks: 0, lrScaleG: 1, lrScaleD: 1, rolledBackTo: null }) };
  }

  get state(): GuardPolicyState {
    return { ...this.#state };
  }

  /**
   * Lowers the learning rates for a roll-back to the last healthy checkpoint.
   *
   * @throws {UserError} after `maxRollbacks` roll-backs, saying what to try.
   */
  answer(failure: Failure): Rollback {
    const { rollbacks, lrScaleG, lrScaleD, rolledBackTo } = this.#state;
    const lrG = this.#config.lrG * lrScaleG;
    const lrD = this.#config.lrD * lrScaleD;
    if (rollbacks >= maxRollbacks) throw new UserError(this.#surrender(failure, lrG, lrD));
    // If D won and G is already slower, keep G's rate: lowering it would only let D win again.
    const bothTooFast = failure.kind === 'divergence' || failure.kind === 'non-finite' || lrG >= lrD;
    this.#state = {
      rollbacks: rollbacks + 1,
      lrScaleG: bothTooFast ? lrScaleG * cut : lrScaleG,
      lrScaleD: lrScaleD * cut,
      rolledBackTo,
    };
    return { ...this.#state, message: `${failure.message}; ${this.#describe()}` };
  }

  /** Records the restored checkpoint: if the roll-back does not help, the next one goes further back. */
  restored(imagesSeen: number): void {
    this.#state.rolledBackTo = imagesSeen;
  }

  #describe(): string {
    const { rollbacks, lrScaleG, lrScaleD } = this.#state;
    return (
      `rolling back to a healthy checkpoint (${rollbacks} of ${maxRollbacks}), ` +
      `learning rates now G ${rate(this.#config.lrG * lrScaleG)}, D ${rate(this.#config.lrD * lrScaleD)}`
    );
  }

  #surrender(failure: Failure, lrG: number, lrD: number): string {
    return (
      `${failure.message}; ${maxRollbacks} roll-backs, down to learning rates G ${rate(lrG)} and D ${rate(lrD)}, ` +
      `didn't help. The newest healthy checkpoint is kept. ${advice(failure.kind, this.#config)}`
    );
  }
}

/** What to try, leaving out what the run has already. */
function advice(kind: Failure['kind'], { preset, augment, lrG, lrD }: GuardedConfig): string {
  const dogs = preset === 'dogs' ? [] : ['--preset dogs'];
  const slower = lrG > SAFE || lrD > SAFE ? ['--lr-g and --lr-d of 2e-4 and below'] : ['--lr-g and --lr-d below 1e-4'];
  const augmented = augment.includes('color') && augment.includes('translation');
  const options = {
    'non-finite': [...dogs, ...slower],
    divergence: [...dogs, ...slower],
    collapse: [
      ...dogs,
      ...(augmented ? [] : ['--augment color,translation']),
      ...(lrG < SAFE ? ['a higher --lr-g'] : []),
      'a lower --lr-d',
      'more photos',
    ],
    'identical-outputs': [...dogs, 'a larger --batch', 'a lower --lr-g', 'more photos'],
  }[kind];
  const why = kind === 'collapse' ? 'D is too strong for these photos: try ' : 'Try ';
  return `${why}${options.length > 1 ? `${options.slice(0, -1).join(', ')} or ${options.at(-1)}` : options[0]}`;
}

function rate(value: number): string {
  return String(Number(value.toPrecision(3)));
}

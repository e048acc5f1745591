/** @module The reaction to a failure: roll back with lower learning rates, up to three times, then stop. */
import { UserError } from '@latent-dogs/latent';
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

const maxRollbacks = 3;
/** Three cuts lower 0.01, which is known to diverge, to 0.00016, which is known to train. */
const cut = 0.25;

export class GuardPolicy {
  readonly #lrG: number;
  readonly #lrD: number;
  #state: GuardPolicyState;

  /** `lrG`, `lrD`: the configured learning rates. */
  constructor(options: { lrG: number; lrD: number; state?: GuardPolicyState }) {
    this.#lrG = options.lrG;
    this.#lrD = options.lrD;
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
    const lrG = this.#lrG * lrScaleG;
    const lrD = this.#lrD * lrScaleD;
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
      `learning rates now G ${rate(this.#lrG * lrScaleG)}, D ${rate(this.#lrD * lrScaleD)}`
    );
  }

  #surrender(failure: Failure, lrG: number, lrD: number): string {
    return (
      `${failure.message}; ${maxRollbacks} roll-backs, down to learning rates G ${rate(lrG)} and D ${rate(lrD)}, ` +
      `didn't help. The newest healthy checkpoint is kept. ${advice[failure.kind]}`
    );
  }
}

const advice: Record<Failure['kind'], string> = {
  'non-finite': 'Try --preset dogs, or --lr-g and --lr-d below 1e-4',
  divergence: 'Try --preset dogs, or --lr-g and --lr-d of 2e-4 and below',
  collapse:
    'D is too strong for these photos: try --preset dogs, --augment color,translation, ' +
    'a higher --lr-g, a lower --lr-d, or more photos',
  'identical-outputs': 'Try --preset dogs, a larger --batch, a lower --lr-g, or more photos',
};

function rate(value: number): string {
  return String(Number(value.toPrecision(3)));
}

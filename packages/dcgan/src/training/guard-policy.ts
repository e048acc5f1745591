/** @module What to do about a failure: roll back with lower learning rates, a few times, then stop. */
import { UserError } from '@latent-dogs/latent';
import type { Failure } from './guard.ts';

/** JSON-safe; part of the checkpoint. Survives a roll-back: it is what the roll-back changes. */
export interface GuardPolicyState {
  rollbacks: number;
  /** What the configured learning rates are multiplied by. */
  lrScaleG: number;
  lrScaleD: number;
  /** Images seen at the checkpoint that the last roll-back went to. */
  rolledBackTo: number | null;
}

export interface Rollback extends GuardPolicyState {
  message: string;
}

export const maxRollbacks = 3;
/** Three cuts bring 0.01, which is known to diverge, to 0.00016, which is known to train. */
const cut = 0.25;

export class GuardPolicy {
  readonly #lrG: number;
  readonly #lrD: number;
  #state: GuardPolicyState;

  /** `lrG`, `lrD`: the learning rates as configured. */
  constructor(options: { lrG: number; lrD: number; state?: GuardPolicyState }) {
    this.#lrG = options.lrG;
    this.#lrD = options.lrD;
    this.#state = { ...(options.state ?? { rollbacks: 0, lrScaleG: 1, lrScaleD: 1, rolledBackTo: null }) };
  }

  get state(): GuardPolicyState {
    return { ...this.#state };
  }

  /**
   * The answer to a failure: go back to the last healthy checkpoint and on with the scaled learning rates.
   *
   * @throws {UserError} after `maxRollbacks` of them, saying what to try.
   */
  answer(failure: Failure): Rollback {
    const { rollbacks, lrScaleG, lrScaleD, rolledBackTo } = this.#state;
    const lrG = this.#lrG * lrScaleG;
    const lrD = this.#lrD * lrScaleD;
    if (rollbacks >= maxRollbacks) throw new UserError(this.#surrender(failure, lrG, lrD));
    // Where D won, a G that is slower already isn't slowed down further: that would only let D win again.
    const bothTooFast = failure.kind === 'divergence' || failure.kind === 'non-finite' || lrG >= lrD;
    this.#state = {
      rollbacks: rollbacks + 1,
      lrScaleG: bothTooFast ? lrScaleG * cut : lrScaleG,
      lrScaleD: lrScaleD * cut,
      rolledBackTo,
    };
    return { ...this.#state, message: `${failure.message}; ${this.#describe()}` };
  }

  /** Remembers where the roll-back went: should it have been in vain, the next one goes further back. */
  wentBackTo(imagesSeen: number): void {
    this.#state.rolledBackTo = imagesSeen;
  }

  #describe(): string {
    const { rollbacks, lrScaleG, lrScaleD } = this.#state;
    return (
      `rolling back to a healthy checkpoint (${rollbacks} of ${maxRollbacks}), ` +
      `learning rates from here on G ${rate(this.#lrG * lrScaleG)}, D ${rate(this.#lrD * lrScaleD)}`
    );
  }

  #surrender(failure: Failure, lrG: number, lrD: number): string {
    return (
      `${failure.message}. ${maxRollbacks} roll-backs, down to learning rates G ${rate(lrG)} and D ${rate(lrD)}, ` +
      `didn't help; the newest healthy checkpoint is kept. ${advice[failure.kind]}`
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

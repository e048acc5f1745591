import { UserError } from '@latent-dogs/latent';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { type Failure, Guard, type StepStats } from './guard.ts';
import { GuardPolicy } from './guard-policy.ts';

type Trace = (step: number) => Omit<Partial<StepStats>, 'step'>;

/** Numbers of a healthy step. */
const CALM = { lossD: 0.7, lossG: 2, dReal: 0.8, dFake: 0.2, signReal: 0.5, diversity: 0.4 };

/** Feeds a trace to a guard, one tick every `every` steps, until it reports a failure. */
function play(trace: Trace, options: { steps: number; every?: number; realDiversity?: number; guard?: Guard }) {
  const { steps, every = 10, realDiversity = 0.5 } = options;
  const guard = options.guard ?? new Guard({ realDiversity });
  for (let step = every; step <= steps; step += every) {
    const stats = { ...CALM, ...trace(step), step };
    const verdict = guard.observe(stats);
    if (verdict !== 'ok') return { step, verdict, guard };
  }
  return { step: null, verdict: null, guard };
}

function random(seed: number) {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** A healthy run: losses wander, spike and dip; the first steps are extreme, and D sometimes wins for a while. */
function healthy(seed: number): Trace {
  const { uniform, normal } = random(seed);
  const meanD = Math.log(0.3 + 1.1 * uniform());
  const meanG = Math.log(0.7 + 4.3 * uniform());
  const spread = 0.1 + 0.5 * uniform();
  const memory = 0.5 + 0.49 * uniform();
  const kick = spread * Math.sqrt(1 - memory ** 2);
  let d = 0;
  let g = 0;
  let dipUntil = 0;
  return (step) => {
    d = memory * d + kick * normal();
    g = memory * g + kick * normal();
    if (step < 200) return { lossD: 10 ** (-6 * uniform()), lossG: 45 * uniform(), diversity: 0.02 };
    if (step > dipUntil + 100 && uniform() < 0.002) dipUntil = step + 100;
    const dip = step < dipUntil;
    const spike = uniform() < 0.01 ? 20 * uniform() : 0;
    return {
      lossD: dip ? 3e-4 : Math.exp(meanD + d) + spike,
      lossG: dip ? 14 : Math.exp(meanG + g) + spike,
      diversity: Math.min(0.3, step / 5000) * (0.8 + 0.4 * uniform()) + 0.06,
    };
  };
}

describe('Guard', () => {
  test('healthy runs pass, however noisy', () => {
    for (let seed = 0; seed < 3_000; seed++) {
      const { verdict } = play(healthy(seed), { steps: 4_000, every: 1 + (seed % 40) });
      if (verdict) expect.fail(`seed ${seed}: ${verdict.message}`);
    }
  });

  test('extreme losses in the first steps pass', () => {
    for (const [wild, steps] of [
      [{ lossD: 30, lossG: 0 }, 180],
      [{ lossD: 1e-5, lossG: 35 }, 580],
      [{ diversity: 0 }, 1_900],
    ] as const) {
      expect(play((step) => (step <= steps ? wild : {}), { steps: 4_000 }).verdict).toBeNull();
    }
  });

  test('healthy runs are calm most of the time, so that there are checkpoints to roll back to', () => {
    const guard = new Guard({ realDiversity: 0.5 });
    expect(guard.calm).toBe(true);
    const trace = healthy(1);
    let calm = 0;
    for (let step = 10; step <= 5_000; step += 10) {
      const stats = { ...CALM, ...trace(step), step };
      expect(guard.observe(stats)).toBe('ok');
      if (guard.calm) calm++;
    }
    expect(calm).toBeGreaterThan(300);
  });

  test.each([1, 7, 20, 50])(
    "the student's learning rate 0.01: D_loss 100, G_loss 0 from the first epoch (tick %i)",
    (every) => {
      const { step, verdict } = play(() => ({ lossD: 100, lossG: 0 }), { steps: 500, every });
      expect(verdict).toMatchObject({ kind: 'divergence', numbers: { lossD: 100, lossG: 0 } });
      // A D without gradient is detected during warm-up too.
      expect(step).toBeLessThanOrEqual(100 + every);
      expect(verdict!.message).toMatch(/step \d+: D_loss 100, G_loss 0 .*D takes every fake for real/);
    },
  );

  test('a G that is dead from the first step (D_loss 0, G_loss 100) is a collapse within 110 steps', () => {
    const { step, verdict } = play(() => ({ lossD: 0, lossG: 100 }), { steps: 500 });
    expect(verdict).toMatchObject({ kind: 'collapse', numbers: { lossD: 0, lossG: 100 } });
    expect(step).toBeLessThanOrEqual(110);
  });

  /** D_loss sinks from 0.5 to 3e-7 and G_loss climbs to 15.7; at epoch 26, batch 120 of 250, they flip to 100 and 0. */
  const flip = 26 * 250 + 120;
  const student = (seed: number): Trace => {
    const { normal } = random(seed);
    return (step) => {
      if (step >= flip) return { lossD: 100, lossG: 0 };
      const t = step / flip;
      return {
        lossD: Math.exp(Math.log(0.5) + t * Math.log(3e-7 / 0.5) + 0.5 * normal()),
        lossG: 0.7 + 15 * t + 0.5 * normal(),
      };
    };
  };

  test.each([1, 5, 20])("the student's G 1e-6, D 1e-4 is a collapse long before it flips (tick %i)", (every) => {
    for (let seed = 0; seed < 20; seed++) {
      const { step, verdict } = play(student(seed), { steps: flip + 1_000, every });
      expect(verdict?.kind).toBe('collapse');
      // D_loss passes 1e-3 at step 2,870.
      expect(step).toBeGreaterThan(2_600);
      expect(step).toBeLessThan(4_500);
    }
  });

  test('the flip alone, after a healthy run, is a divergence', () => {
    const { step, verdict } = play((n) => (n < flip ? healthy(3)(n) : { lossD: 100, lossG: 0 }), { steps: flip + 500 });
    expect(verdict?.kind).toBe('divergence');
    expect(step! - flip).toBeLessThanOrEqual(110);
  });

  test('both sides wrong, and the hinge loss, diverge too', () => {
    expect(play(() => ({ lossD: 60, lossG: 55 }), { steps: 500 }).verdict).toMatchObject({
      kind: 'divergence',
      message: expect.stringContaining('fakes for photos'),
    });
    expect(play(() => ({ lossD: 31, lossG: -30 }), { steps: 500 }).verdict?.kind).toBe('divergence');
  });

  test('divergence with a normal tick now and then is detected', () => {
    const trace: Trace = (step) => (step % 70 === 0 ? { lossD: 0.5, lossG: 1 } : { lossD: 50, lossG: 0 });
    expect(play(trace, { steps: 1_000 }).verdict?.kind).toBe('divergence');
  });

  test('D_loss at zero with G_loss high and constant is a collapse; with D merely strong it is not', () => {
    expect(play(() => ({ lossD: 5e-4, lossG: 13 }), { steps: 1_000 }).verdict?.kind).toBe('collapse');
    expect(play(() => ({ lossD: 1e-9, lossG: 10 }), { steps: 1_000 }).verdict?.kind).toBe('collapse');
    expect(play(() => ({ lossD: 5e-3, lossG: 13 }), { steps: 5_000 }).verdict).toBeNull();
    expect(play(() => ({ lossD: 5e-4, lossG: 7 }), { steps: 5_000 }).verdict).toBeNull();
  });

  test.each([
    [{ lossD: Number.NaN }, /losses/],
    [{ lossG: Number.POSITIVE_INFINITY }, /losses/],
    [{ diversity: Number.NaN }, /the pictures are no longer finite/],
    [{ dReal: Number.NaN }, /the pictures/],
  ])('%o at the very first tick is a failure', (stats, message) => {
    const { step, verdict } = play(() => stats, { steps: 10, every: 1 });
    expect({ step, kind: verdict?.kind }).toEqual({ step: 1, kind: 'non-finite' });
    expect(verdict!.message).toMatch(message);
    expect(JSON.parse(JSON.stringify(verdict!.numbers))).toEqual(verdict!.numbers);
  });

  test('outputs that become identical are detected, and those of an untrained G are not', () => {
    const became = play((step) => ({ diversity: step < 800 ? 0.35 : 0.02 }), { steps: 2_000 });
    expect(became.verdict).toMatchObject({
      kind: 'identical-outputs',
      numbers: { diversity: 0.02, realDiversity: 0.5 },
    });
    expect(became.step).toBeLessThan(1_200);
    expect(play((step) => ({ diversity: 0.02 + step / 10_000 }), { steps: 4_000 }).verdict).toBeNull();
    expect(play(() => ({ diversity: 0.02 }), { steps: 4_000 }).verdict?.kind).toBe('identical-outputs');
    expect(play(() => ({}), { steps: 4_000 }).verdict).toBeNull();
  });

  test('its state can be stored as JSON at any tick without changing the verdict', () => {
    const straight = play(student(5), { steps: flip, every: 20 });
    for (const cut of [20, 2_000, 3_000, 3_120]) {
      const trace = student(5);
      const { guard } = play(trace, { steps: cut, every: 20 });
      const restored = new Guard({ realDiversity: 0.5, state: JSON.parse(JSON.stringify(guard.state)) });
      let found: { step: number; verdict: Failure } | null = null;
      for (let step = cut + 20; !found; step += 20) {
        const stats = { ...CALM, ...trace(step), step };
        const verdict = restored.observe(stats);
        if (verdict !== 'ok') found = { step, verdict };
      }
      expect(found).toEqual({ step: straight.step, verdict: straight.verdict });
    }
  });

  test('is not calm during a symptom in the warm-up either: those weights may not recover', () => {
    expect(play(() => ({ lossD: 100, lossG: 0 }), { steps: 50 }).guard.calm).toBe(false);
    expect(play(() => ({ lossD: 1e-6, lossG: 30 }), { steps: 50 }).guard.calm).toBe(false);
    expect(play((step) => (step < 50 ? { lossD: 100 } : {}), { steps: 60 }).guard.calm).toBe(true);
  });

  test('is not calm during a symptom, and is after a reset', () => {
    const { guard } = play((step) => (step > 800 ? { lossD: 50 } : {}), { steps: 850 });
    expect(guard.calm).toBe(false);
    guard.reset(800);
    expect(guard.calm).toBe(true);
    expect(play(() => ({}), { steps: 1_000, guard }).verdict).toBeNull();
  });
});

describe('GuardPolicy', () => {
  const config = (lrG: number, lrD: number) => ({ ...presetConfig('paper', 'photos'), lrG, lrD });

  test('advises what the run does not have yet', () => {
    const lastWords = (kind: Failure['kind'], settings: ReturnType<typeof config>) => {
      const policy = new GuardPolicy({ config: settings });
      for (let i = 0; i < 3; i++) policy.answer(failure(kind));
      try {
        policy.answer(failure(kind));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    const dogs = presetConfig('dogs', 'photos');
    expect(lastWords('divergence', config(0.01, 0.01))).toMatch(
      /Try --preset dogs or --lr-g and --lr-d of 2e-4 and below$/,
    );
    expect(lastWords('divergence', dogs)).toMatch(/Try --lr-g and --lr-d below 1e-4$/);
    expect(lastWords('collapse', { ...dogs, augment: ['color', 'translation'], lrG: 1 })).toMatch(
      /for these photos: try a lower --lr-d or more photos$/,
    );
    expect(lastWords('collapse', config(1e-6, 1e-4))).toMatch(
      /try --preset dogs, --augment color,translation, a higher --lr-g, a lower --lr-d or more photos$/,
    );
  });

  const failure = (kind: Failure['kind']): Failure => ({ kind, numbers: {}, message: `a ${kind}` });

  test('lowers both learning rates three times, then stops and says what to try', () => {
    const policy = new GuardPolicy({ config: config(0.01, 0.01) });
    const rates = [1, 2, 3].map((n) => {
      const { rollbacks, lrScaleG, lrScaleD } = policy.answer(failure('divergence'));
      expect(rollbacks).toBe(n);
      return [0.01 * lrScaleG, 0.01 * lrScaleD];
    });
    for (const [i, pair] of rates.entries()) for (const rate of pair) expect(rate).toBeLessThan(0.01 / 2 ** i);
    expect(rates[2]![0]).toBeLessThanOrEqual(2e-4);
    expect(() => policy.answer(failure('divergence'))).toThrow(UserError);
    expect(() => policy.answer(failure('divergence'))).toThrow(/a divergence; 3 roll-backs.*--lr-g/);
  });

  test('if D won, a slower G keeps its rate', () => {
    const policy = new GuardPolicy({ config: config(1e-6, 1e-4) });
    expect(policy.answer(failure('collapse'))).toMatchObject({ lrScaleG: 1, lrScaleD: expect.closeTo(0.25) });
    expect(policy.answer(failure('divergence')).lrScaleG).toBeLessThan(1);
    expect(new GuardPolicy({ config: config(0.01, 0.01) }).answer(failure('collapse')).lrScaleG).toBeLessThan(1);
  });

  test('continues counting from a saved state', () => {
    const policy = new GuardPolicy({ config: config(1e-3, 1e-3) });
    policy.answer(failure('non-finite'));
    policy.restored(640);
    const state = JSON.parse(JSON.stringify(policy.state));
    const restored = new GuardPolicy({ config: config(1e-3, 1e-3), state });
    expect(restored.state.rolledBackTo).toBe(640);
    expect(restored.answer(failure('non-finite'))).toEqual(policy.answer(failure('non-finite')));
  });
});

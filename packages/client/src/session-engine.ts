/** @module The engine of runtimes without workers: it computes where it is called. */
import type { Engine } from './engine.ts';
import { GeneratorError } from './generator-error.ts';
import type { GeneratorSession } from './runtime/generator-session.ts';
import { sessionError } from './session-error.ts';
import { SideBySide, Turns } from './turns.ts';

/** @throws GeneratorError */
export async function createSessionEngine(
  provider: 'native' | 'wasm',
  opening: Promise<GeneratorSession>,
): Promise<Engine> {
  const orFailed = <Value>(work: Promise<Value>) =>
    work.catch((cause): never => {
      throw sessionError(cause);
    });
  const session = await orFailed(opening);
  // Native runs go side by side, on Node's thread pool.
  const runs = provider === 'native' ? new SideBySide() : new Turns();
  const disposal = new AbortController();
  return {
    provider,
    run: (z, signal) => {
      const stop = signal ? AbortSignal.any([signal, disposal.signal]) : disposal.signal;
      return runs.take(() => orFailed(session.run(z)), stop);
    },
    dispose: async () => {
      if (disposal.signal.aborted) return;
      disposal.abort(new GeneratorError('disposed', 'The generator was disposed of.'));
      await runs.idle();
      await session.release();
    },
  };
}

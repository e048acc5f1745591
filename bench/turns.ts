/** @module Processes that are measured in turns, so that other load on the machine slows all of them equally. */

export interface Contestant<Turn> {
  name: string;
  /** Prepares everything that is not measured. @throws Error that says why it cannot run here */
  start: () => Promise<Running<Turn>>;
}

export interface Running<Turn> {
  turn: () => Promise<Turn>;
  stop: () => void | Promise<void>;
}

export interface Outcome<Turn> {
  name: string;
  /** One for each round; empty if there is a problem. */
  turns: Turn[];
  /** Why it was not measured; null if it was. */
  problem: string | null;
}

/** Starts all, then lets each have one turn a round. The order is reversed in every other round. One that fails is left out. */
export async function takeTurns<Turn>(
  contestants: readonly Contestant<Turn>[],
  rounds: number,
): Promise<Outcome<Turn>[]> {
  const outcomes = contestants.map(({ name }): Outcome<Turn> => ({ name, turns: [], problem: null }));
  const running = new Map<Outcome<Turn>, Running<Turn>>();
  const attempt = async (outcome: Outcome<Turn>, work: () => Promise<void>) => {
    if (outcome.problem !== null) return;
    try {
      await work();
    } catch (error) {
      outcome.problem = oneLine(error);
      outcome.turns = [];
      await running.get(outcome)?.stop();
      running.delete(outcome);
    }
  };
  try {
    for (const [i, outcome] of outcomes.entries())
      await attempt(outcome, async () => void running.set(outcome, await contestants[i]!.start()));
    for (let round = 0; round < rounds; round++) {
      for (const outcome of round % 2 === 0 ? outcomes : outcomes.toReversed())
        await attempt(outcome, async () => void outcome.turns.push(await running.get(outcome)!.turn()));
    }
  } finally {
    for (const one of running.values()) await one.stop();
  }
  return outcomes;
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // What a process printed begins with the class of its error.
  const line = message
    .trim()
    .replace(/^\w*Error: /, '')
    .split('\n')[0]!;
  return line.length > 160 ? `${line.slice(0, 160)} …` : line;
}

/** @module Lets the steps of many jobs run in a fair order. */

/** A job that wants to run steps. */
interface Job {
  readonly client: string;
  /** Steps begun so far. */
  begun: number;
  /** Steps that wait for their turn. */
  readonly waiting: (() => void)[];
}

/** Every so many turns the step that has waited the longest runs, so that long jobs make progress among many short ones. */
const OLDEST_EVERY = 4;

/**
 * Runs at most `slots` steps at once. Clients take turns; among the jobs of one client, the one that has run the fewest
 * steps is first, so that a short job does not wait for long ones. After each step the event loop runs once: requests
 * that take no steps are answered in between.
 */
export class FairQueue {
  readonly #slots: number;
  #running = 0;
  #turns = 0;
  /** Jobs with waiting steps by client; the client whose turn is next comes first. */
  readonly #clients = new Map<string, Set<Job>>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  /**
   * A function that runs the steps of one new job.
   *
   * @param signal when it aborts, waiting steps are rejected with its reason
   */
  job(client: string, signal: AbortSignal): <Value>(step: () => Promise<Value>) => Promise<Value> {
    const job: Job = { client, begun: 0, waiting: [] };
    return async (step) => {
      await this.#turn(job, signal);
      try {
        return await step();
      } finally {
        setImmediate(() => {
          this.#running--;
          this.#next();
        });
      }
    };
  }

  /** Resolves when the job may run a step. */
  #turn(job: Job, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        job.waiting.splice(job.waiting.indexOf(begin), 1);
        if (job.waiting.length === 0) this.#remove(job);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      job.waiting.push(begin);
      const jobs = this.#clients.get(job.client);
      if (jobs) jobs.add(job);
      else this.#clients.set(job.client, new Set([job]));
      this.#next();
    });
  }

  #next(): void {
    if (this.#running >= this.#slots) return;
    const [first] = this.#clients;
    if (!first) return;
    const [client, jobs] = first;
    const job = this.#turns++ % OLDEST_EVERY === OLDEST_EVERY - 1 ? [...jobs][0]! : leastBegun(jobs);
    const begin = job.waiting.shift()!;
    job.begun++;
    // To the end, so that the other clients and jobs come first next time.
    this.#remove(job);
    if (job.waiting.length > 0) jobs.add(job);
    this.#clients.delete(client);
    if (jobs.size > 0) this.#clients.set(client, jobs);
    this.#running++;
    begin();
  }

  #remove(job: Job): void {
    const jobs = this.#clients.get(job.client);
    jobs?.delete(job);
    if (jobs?.size === 0) this.#clients.delete(job.client);
  }
}

/** The first of the jobs that have run the fewest steps. */
function leastBegun(jobs: ReadonlySet<Job>): Job {
  let least: Job | undefined;
  for (const job of jobs) if (!least || job.begun < least.begun) least = job;
  return least!;
}

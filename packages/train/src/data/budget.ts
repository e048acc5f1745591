/** A resource of which many tasks may hold a part at a time, such as memory. */
export class Budget {
  readonly #total: number;
  #free: number;
  readonly #waiting: { amount: number; start: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Runs `task` once `amount` is free, in the order of calls. More than the total counts as the total: then it runs alone. */
  async hold<Result>(amount: number, task: () => Promise<Result>): Promise<Result> {
    const held = Math.min(amount, this.#total);
    await new Promise<void>((start) => {
      this.#waiting.push({ amount: held, start });
      this.#startNext();
    });
    try {
      return await task();
    } finally {
      this.#free += held;
      this.#startNext();
    }
  }

  #startNext(): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.amount <= this.#free) {
      const { amount, start } = this.#waiting.shift()!;
      this.#free -= amount;
      start();
    }
  }
}

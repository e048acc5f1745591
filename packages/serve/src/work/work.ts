/** @module The work for one answer, done in steps between which other requests get their turn. */

export interface Work {
  /** A run of the generator. */
  infer<Value>(run: () => Promise<Value>): Promise<Value>;
  /** Resizing or encoding one picture. */
  encode<Value>(run: () => Promise<Value>): Promise<Value>;
  /** Gives up what the work holds; called once, whether it succeeded or not. */
  end(): void;
}

/** Steps run when they are called. */
export const IMMEDIATE_WORK: Work = {
  infer: (run) => run(),
  encode: (run) => run(),
  end: () => {},
};

import type { Call } from './one-operator-backend.ts';

/** A spec, and the kernels that it called. */
export interface SpecResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
  readonly message?: string;
  readonly calls: readonly Call[];
}

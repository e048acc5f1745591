/** @module What kind of failure an error is. */
import { UserError } from '@latent-dogs/latent';
import type { FailureKind } from './protocol.ts';

/** A failure whose kind is known where it arises. */
export class TrainingFailure extends Error {
  readonly reason: FailureKind;

  constructor(reason: FailureKind, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function failureKind(error: unknown): FailureKind {
  if (error instanceof TrainingFailure) return error.reason;
  const { name, message } = error as Error;
  if (name === 'QuotaExceededError') return 'quota';
  // Another tab holds the run's log.
  if (name === 'NoModificationAllowedError') return 'other-tab';
  if (name === 'SecurityError') return 'no-storage';
  if (/out of memory|bad_alloc|failed to allocate|allocation failed|memory access out of bounds/i.test(message))
    return 'memory';
  return error instanceof UserError ? 'guard' : 'unknown';
}

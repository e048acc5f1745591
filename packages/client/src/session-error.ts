/** @module What ONNX Runtime throws, as an error of this package. */
import { GeneratorError } from './generator-error.ts';

export const sessionError = (cause: unknown): GeneratorError =>
  new GeneratorError('session', `ONNX Runtime: ${cause instanceof Error ? cause.message : cause}`, { cause });

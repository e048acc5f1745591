/** @module The one error class of the package. */

/**
 * - `invalid-input`: an argument is not legal; the message names it and what is legal.
 * - `download`: a file did not arrive.
 * - `invalid-model`: model.json is not legal.
 * - `damaged`: the ONNX file is not the one that model.json describes (length or SHA-256).
 * - `unsupported`: this browser or runtime lacks something, or `provider` names what is not here.
 * - `session`: ONNX Runtime failed.
 * - `disposed`: the generator was disposed of.
 */
export type GeneratorErrorCode =
  | 'invalid-input'
  | 'download'
  | 'invalid-model'
  | 'damaged'
  | 'unsupported'
  | 'session'
  | 'disposed';

export class GeneratorError extends Error {
  override name = 'GeneratorError';
  readonly code: GeneratorErrorCode;

  constructor(code: GeneratorErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

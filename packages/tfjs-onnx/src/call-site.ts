import { fileURLToPath } from 'node:url';

const INTERNAL = /node_modules|node:internal|[\\/]tfjs-onnx[\\/]src[\\/](?!.*\.test\.)/;

/** Frames of the running call, innermost first, with enough of them to see over TF.js's own. */
export function stackFrames(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return stack.split('\n').slice(2);
}

/** The line outside TF.js and this package from which the running kernel was called, as `file:line:column`. */
export function callSite(): string {
  const frame = stackFrames().find((line) => /:\d+:\d+\)?$/.test(line) && !INTERNAL.test(line));
  const location = frame && /\(?([^\s(]+:\d+:\d+)\)?$/.exec(frame)?.[1];
  if (!location) return 'an unknown line';
  const [, url, position] = /^(.*?)(:\d+:\d+)$/.exec(location)!;
  return url!.startsWith('file:') ? fileURLToPath(url!) + position : location;
}

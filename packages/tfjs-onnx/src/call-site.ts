const INTERNAL = /node_modules|node:internal|[\\/]tfjs-onnx[\\/]src[\\/](?!.*\.test\.)/;

/** The line outside TF.js and this package from which the running kernel was called, as `file:line:column`. */
export function callSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const frame = stack
    .split('\n')
    .slice(1)
    .find((line) => /:\d+:\d+\)?$/.test(line) && !INTERNAL.test(line));
  return frame?.trim().replace(/^at (?:async )?/, '') ?? 'an unknown line';
}

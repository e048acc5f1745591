/** @module The line of a user's program that called a kernel, read from a stack trace; it needs no Node. */

const INTERNAL = /node_modules|node:internal|[\\/]tfjs-onnx[\\/]src[\\/](?!.*\.test\.)/;

/** V8's limit on the frames of a stack trace; other engines ignore it. */
const limits = Error as unknown as { stackTraceLimit?: number };

/** Frames of the current call, innermost first: up to 100, because TF.js's own frames come before the user's. */
export function stackFrames(): string[] {
  const limit = limits.stackTraceLimit;
  limits.stackTraceLimit = 100;
  const { stack = '' } = new Error();
  limits.stackTraceLimit = limit;
  return stack.split('\n').slice(2);
}

/** The innermost line outside TF.js and this package, as `file:line:column`, or 'an unknown line'. */
export function callSite(): string {
  const frame = stackFrames().find((line) => /:\d+:\d+\)?$/.test(line) && !INTERNAL.test(line));
  return (frame && locationOf(frame)) ?? 'an unknown line';
}

/**
 * The location in a frame: `    at name (file:1:2)` of V8, `name@file:1:2` of Firefox and Safari.
 * A file URL becomes a path.
 */
export function locationOf(frame: string): string | undefined {
  const [, location] = /^\s*at (?:.*? \()?(.+:\d+:\d+)\)?$/.exec(frame) ?? /^[^@]*@(.+:\d+:\d+)$/.exec(frame) ?? [];
  if (!location?.startsWith('file:')) return location;
  const [, url, position] = /^(.*?)(:\d+:\d+)$/.exec(location)!;
  // On Windows the path of the URL is /C:/folder/file.
  return decodeURIComponent(new URL(url!).pathname).replace(/^\/(?=[A-Za-z]:\/)/, '') + position;
}

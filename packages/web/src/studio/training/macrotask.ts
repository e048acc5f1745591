/** @module Lets the worker hear its messages. */

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()!();

/**
 * Resolves after the messages that wait now were heard. WebAssembly computes without a pause in which messages could arrive, and
 * timers are slowed down in hidden tabs; this is not.
 */
export const macrotask = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });

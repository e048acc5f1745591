/** @module WebKitGTK's small browser, driven by WebDriver (https://www.w3.org/TR/webdriver/). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { clickActions, typeActions } from './actions.ts';
import type { OpenBrowser, Tab } from './tab.ts';

export interface WebKitPrograms {
  /** Path of WebKitWebDriver. */
  driver: string;
  /** Path of MiniBrowser. */
  browser: string;
  /** Path of Xvfb, an X server without a screen. */
  xvfb: string;
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill();
  await once(program, 'close');
}

/** @returns the name of its display, such as ":7" */
async function startXvfb(path: string): Promise<{ program: ChildProcess; display: string }> {
  const program = spawn(path, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x1024x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((found, failed) => {
    program.stdio[3]!.once('data', (number) => found(`:${String(number).trim()}`));
    program.once('error', failed);
    program.once('close', (code) => failed(new Error(`Xvfb ended with code ${code}`)));
  });
  return { program, display };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

type Call = <Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>;

const callOf =
  (address: string): Call =>
  async (method, path, body) => {
    const response = await fetch(address + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { value } = (await response.json()) as { value: never };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

const EVALUATE = (expression: string) => `
  const done = arguments[arguments.length - 1];
  (async () => (${expression}))().then((value) => done([value]), (error) => done(String(error)));`;

const tabOf = (call: Call): Tab => ({
  goTo: async (url) => {
    await call('POST', '/url', { url });
  },
  evaluate: async (expression) => {
    const answer = await call<[never] | string>('POST', '/execute/async', { script: EVALUATE(expression), args: [] });
    if (typeof answer === 'string') throw new Error(answer);
    return answer[0];
  },
  clickAt: async (point) => {
    await call('POST', '/actions', { actions: clickActions(point) });
  },
  type: async (text) => {
    await call('POST', '/actions', { actions: typeActions(text) });
  },
});

/** Starts WebKitGTK's small browser with empty storage, on a display of its own that nobody sees. */
export async function openWebKit({ driver, browser, xvfb }: WebKitPrograms): Promise<OpenBrowser> {
  const screen = await startXvfb(xvfb);
  const port = await freePort();
  const program = spawn(driver, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: screen.display, LANG: 'C.UTF-8', LANGUAGE: 'en_GB' },
    stdio: 'ignore',
  });
  const call = callOf(`http://127.0.0.1:${port}`);
  const close = async () => {
    await stop(program);
    await stop(screen.program);
  };
  try {
    // It says nothing when it begins to listen.
    while (!(await call<{ ready: boolean }>('GET', '/status').catch(() => null))?.ready) {
      if (program.exitCode !== null) throw new Error(`${driver} ended with code ${program.exitCode}`);
      await delay(50);
    }
    const options = { binary: browser, args: ['--automation'] };
    const { sessionId } = await call<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    const inSession: Call = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
    await inSession('POST', '/timeouts', { script: 60_000 });
    await inSession('POST', '/window/rect', { width: 1100, height: 900 });
    return {
      tab: tabOf(inSession),
      close: async () => {
        await inSession('DELETE', '').catch(() => {});
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

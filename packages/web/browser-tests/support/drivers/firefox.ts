/**
 * @module Firefox as Debian and Mozilla ship it, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it
 * speaks by itself.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clickActions, typeActions } from './actions.ts';
import type { OpenBrowser, Tab } from './tab.ts';

/** No first-run pages, no questions, no requests of the browser's own. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'intl.accept_languages': 'en-GB',
  'intl.locale.requested': 'en-GB',
  'network.captive-portal-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

type Send = <Result>(method: string, params: object) => Promise<Result>;

/** Connects to a browser that speaks BiDi. @returns what sends it a command */
async function connect(address: string): Promise<Send> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  socket.addEventListener('message', ({ data }) => {
    const { type, id, result, error, message } = JSON.parse(data);
    if (type === 'success') waiting.get(id)?.resolve(result as never);
    if (type === 'error') waiting.get(id)?.reject(new Error(`${error}: ${message}`));
    waiting.delete(id);
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser closed the connection'));
  });
  await new Promise((opened, failed) => {
    socket.addEventListener('open', opened);
    socket.addEventListener('error', () => failed(new Error(`No browser answers at ${address}`)));
  });
  let last = 0;
  return (method, params) => {
    const id = ++last;
    const answer = Promise.withResolvers<never>();
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  };
}

type Evaluated =
  | { type: 'success'; result: { value: string } }
  | { type: 'exception'; exceptionDetails: { text: string } };

const tabOf = (send: Send, context: string): Tab => ({
  goTo: async (url) => {
    await send('browsingContext.navigate', { context, url, wait: 'complete' });
  },
  evaluate: async (expression) => {
    const answer = await send<Evaluated>('script.evaluate', {
      expression: `(async () => JSON.stringify([await (${expression})]))()`,
      target: { context },
      awaitPromise: true,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return JSON.parse(answer.result.value)[0];
  },
  clickAt: async (point) => {
    await send('input.performActions', { context, actions: clickActions(point) });
  },
  type: async (text) => {
    await send('input.performActions', { context, actions: typeActions(text) });
  },
});

/** Starts a Firefox with an empty profile and no window. */
export async function openFirefox(executablePath: string): Promise<OpenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const program = spawn(
    executablePath,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((done) => program.once('close', () => done()));
  const listening = new Promise<string>((found, failed) => {
    const said: string[] = [];
    createInterface(program.stderr).on('line', (line) => {
      said.push(line);
      const address = /WebDriver BiDi listening on (\S+)/.exec(line)?.[1];
      if (address) found(address);
    });
    program.once('error', failed);
    program.once('close', (code) => failed(new Error(`Firefox ended with code ${code}:\n${said.join('\n')}`)));
  });
  const close = async () => {
    program.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const send = await connect(`${await listening}/session`);
    await send('session.new', { capabilities: {} });
    const { contexts } = await send<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
    const { context } = contexts[0]!;
    await send('browsingContext.setViewport', { context, viewport: { width: 1100, height: 800 } });
    return { tab: tabOf(send, context), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @module The servers that are measured, each with all its processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime, descendants, residentMemory, threadTime } from '../packages/serve/bench/processes.ts';
import { LOCAL_ENVIRONMENT } from '../packages/serve/src/serve/local-environment.ts';
import { findPython } from './peers/python.ts';

export interface Server {
  url: string;
  /** CPU time so far, all processes together. */
  cpuSeconds: () => number;
  /** CPU time of the main process so far, exact. */
  cpuMilliseconds: () => number;
  /** Resident memory in MB, all processes together. */
  memory: () => number;
  stop: () => Promise<void>;
}

const SERVE = resolve(import.meta.dirname, '..', 'packages', 'serve');
const MODULES = ['fastapi', 'uvicorn', 'onnxruntime', 'numpy', 'PIL'];
const PATIENCE_MS = 120_000;

export const nodeServer = (model: string): Promise<Server> =>
  startServer(process.execPath, (port) => [
    ...['--single-threaded-gc', 'src/node/cli.ts', '--port', port, '--model', resolve(model)],
  ]);

/** @param config wrangler's, written by `prepare` */
export async function workerServer(config: string): Promise<Server> {
  const state = await mkdtemp(join(tmpdir(), 'latent-dogs-bench-'));
  const server = await startServer(process.execPath, (port) => [
    'node_modules/wrangler/bin/wrangler.js',
    ...['dev', '--config', config, '--port', port, '--inspector-port', '0', '--persist-to', state],
  ]);
  const stop = async () => {
    await server.stop();
    await rm(state, { recursive: true });
  };
  return { ...server, stop };
}

export async function pythonServer(model: string, given: string | null, versions: string[]): Promise<Server> {
  const { path, versions: found } = await findPython(given, MODULES);
  versions.push(`FastAPI ${found['fastapi']}`, `uvicorn ${found['uvicorn']}`, `onnxruntime ${found['onnxruntime']}`);
  versions.push(`Pillow ${found['PIL']}`);
  const script = join(import.meta.dirname, 'peers', 'pillow_server.py');
  return startServer(path, (port) => [script, '--port', port, '--model', resolve(model)]);
}

/** Starts a server in the folder of packages/serve, and waits until it answers. */
async function startServer(command: string, args: (port: string) => string[]): Promise<Server> {
  const port = await freePort();
  const child = spawn(command, args(String(port)), {
    cwd: SERVE,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...LOCAL_ENVIRONMENT },
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-10_000);
  });
  await once(child, 'spawn');
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await fetch(`${url}/healthz`).catch(() => null))?.ok) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGTERM');
      throw new Error(errors.trim().split('\n').at(-1) || `the server ended with ${child.exitCode}`);
    }
    await sleep(100);
  }
  const processes = () => [child.pid!, ...descendants(undefined, child.pid)];
  return {
    url,
    cpuSeconds: () => cpuTime(processes()) / 1000,
    cpuMilliseconds: () => threadTime(child.pid!),
    memory: () => processes().reduce((sum, id) => sum + residentMemory(id), 0),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

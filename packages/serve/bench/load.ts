/** @module Load test of both servers on this machine (Linux): `node packages/serve/bench/load.ts`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArguments, runCommand } from '@latent-dogs/command-line';
import { readModelFolder } from '@latent-dogs/models';
import { Command } from 'commander';
import { prepare } from '../src/cloudflare/prepare.ts';
import { GALLERY } from '../src/node/gallery.ts';
import { modelFolder, modelOption } from '../src/options.ts';
import { LOCAL_ENVIRONMENT } from '../src/serve/local-environment.ts';
import { PACKAGE } from '../src/testing/worker-config.ts';
import { descendants, residentMemory } from './processes.ts';

const PORT = '8790';
const INSPECTOR_PORT = '9290';
const REQUESTS = 2000;
const URL_OF_BOTH = `http://127.0.0.1:${PORT}`;

/** Requests random dogs over HTTP, 16 at a time, and prints the memory of each process after every 500. */
async function measureLoad(name: string, processes: () => number[], heap?: () => Promise<string>): Promise<void> {
  const resident = () =>
    processes()
      .map((id) => residentMemory(id).toFixed(0))
      .join(' + ');
  const memory = [resident()];
  const failures: string[] = [];
  let sent = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (sent < REQUESTS) {
        if (++sent % 500 === 0) memory.push(resident());
        const seed = crypto.getRandomValues(new Uint32Array(1))[0];
        try {
          const response = await fetch(`${URL_OF_BOTH}/generate?seed=${seed}`);
          if (response.status !== 200) failures.push(String(response.status));
          await response.arrayBuffer();
        } catch (error) {
          failures.push(String(error));
        }
      }
    }),
  );
  const rate = (REQUESTS / (performance.now() - start)) * 1000;
  console.log(
    `${name}  ${REQUESTS} requests, ${failures.length} failed, ${rate.toFixed(0)}/s; MB resident ${memory.join(', ')}`,
  );
  if (failures.length > 0) console.log(`  ${[...new Set(failures)].join('; ')}`);
  if (heap) console.log(`  ${await heap()}`);
}

/** Starts a server in the package's folder and waits until it answers. */
async function startServer(args: string[]): Promise<ChildProcess> {
  const server = spawn(process.execPath, args, {
    cwd: PACKAGE,
    stdio: 'ignore',
    env: { ...process.env, ...LOCAL_ENVIRONMENT },
  });
  for (;;) {
    if (server.exitCode !== null) throw new Error(`${args.join(' ')} ended with exit code ${server.exitCode}.`);
    const response = await fetch(`${URL_OF_BOTH}/healthz`).catch(() => null);
    if (response?.ok) return server;
    await sleep(200);
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  await exit;
}

/** Heap usage of the Worker's isolate after a garbage collection, from V8's inspector; excludes WebAssembly memory. */
async function isolateHeap(): Promise<string> {
  const targets = (await (await fetch(`http://127.0.0.1:${INSPECTOR_PORT}/json`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  // wrangler's inspector only accepts local origins.
  const options = { headers: { Origin: 'http://localhost' } } as unknown as string[];
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl, options);
  const usage = new Promise<Record<string, number>>((resolve, reject) => {
    socket.onerror = () => reject(new Error('Cannot connect to the inspector.'));
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(data);
      if (id === 2) resolve(result);
    };
  });
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
  socket.send(JSON.stringify({ id: 2, method: 'Runtime.getHeapUsage' }));
  const megabytes = Object.entries(await usage).map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)} MB`);
  socket.close();
  return megabytes.join(', ');
}

async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('node packages/serve/bench/load.ts').addOption(modelOption());
  if (!parseArguments(program, argv)) return 0;
  const model = await readModelFolder(await modelFolder(program.opts()));
  console.log(`${model.manifest.name}, load ${loadavg()[0]!.toFixed(1)}`);
  const out = mkdtempSync(join(tmpdir(), 'loaded-'));
  try {
    await prepare({ model, gallery: GALLERY, out });
    const worker = await startServer([
      'node_modules/wrangler/bin/wrangler.js',
      'dev',
      ...['--port', PORT, '--inspector-port', INSPECTOR_PORT, '--persist-to', join(out, 'state')],
      ...['--alias', `served-model:${join(out, 'served-model.js')}`, '--assets', join(out, 'gallery')],
    ]);
    await measureLoad('wrangler dev', () => descendants('workerd', worker.pid), isolateHeap);
    await stopServer(worker);

    const node = await startServer(['src/node/cli.ts', '--port', PORT, '--model', resolve(model.folder)]);
    await measureLoad('Node server', () => [node.pid!]);
    await stopServer(node);
  } finally {
    rmSync(out, { recursive: true });
  }
  return 0;
}

runCommand(main);

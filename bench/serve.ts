/** @module `pnpm bench serve`: both servers, beside one in Python, under load. Linux only. */
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { type ModelFolder, newestModel, readModelFolder } from '@latent-dogs/models';
import { measureWorker } from '../packages/serve/bench/measure.ts';
import { prepare } from '../packages/serve/src/cloudflare/prepare.ts';
import { buildGallery } from '../packages/serve/src/cloudflare/run-tool.ts';
import { inWorkFolder } from '../packages/serve/src/cloudflare/work-folder.ts';
import { GALLERY } from '../packages/serve/src/places.ts';
import { fairnessTables } from './fairness.ts';
import { type Load, requestDogs } from './load.ts';
import { markdownTable, withSpread } from './markdown.ts';
import type { BenchOptions } from './options.ts';
import type { Section } from './section.ts';
import { nodeServer, pythonServer, type Server, workerServer } from './servers.ts';
import { median, pairedRatio, percentile, spread } from './statistics.ts';
import { type Contestant, type Outcome, takeTurns } from './turns.ts';

const REQUESTS = 300;
const USUAL_CLIENTS = 16;
const CLIENTS = [1, 4, 16, 64];
/** Dogs that are asked for again and again. */
const REPEATED_DOGS = 20;
/** A turn with them is long enough for the clock of CPU time, which has steps of 10 ms. */
const REPEATED_REQUESTS = 1000;
const GRIDS = [1, 4, 16, 64];
const GRID_REQUESTS = 10;

interface Turn extends Load {
  cpuSeconds: number;
  /** Resident, in MB, after the requests. */
  memory: number;
}

export async function benchServe({ python, model: given, rounds }: BenchOptions): Promise<Section> {
  if (process.platform !== 'linux') throw new UserError('serve: CPU time and memory are read from /proc: Linux only');
  const model = await readModelFolder(given ?? (await newestModel(join(import.meta.dirname, '..', 'models'))));
  await buildGallery();
  const versions: string[] = [];
  const { name, generator, size } = model.manifest;
  const text = await inWorkFolder(async (generated) => {
    const config = await prepare({ models: [model], gallery: GALLERY, out: generated });
    return `## Serving

The model is ${name}: ${size}x${size}, ${(generator.bytes / 1e6).toFixed(1)} MB, ${generator.precision}. Requests are \`/generate?seed=<random>\`, so that nothing is cached, except where repeated dogs are named.

${await serverTables(model, config, { python, versions, rounds })}

${await growthTables(model, rounds)}

${await fairness(model)}

${await workerTable(model, generated)}`;
  });
  return { text, versions };
}

/** Takes requests with so many clients. */
async function measured(server: Server, path: () => string, requests: number, clients: number): Promise<Turn> {
  const before = server.cpuSeconds();
  const load = await requestDogs(server.url, path, requests, clients);
  return { ...load, cpuSeconds: server.cpuSeconds() - before, memory: server.memory() };
}

const randomDog = () => `/generate?seed=${crypto.getRandomValues(new Uint32Array(1))[0]}`;

/** The same few dogs again and again, as on a page that many people visit. */
function repeatedDogs(): () => string {
  let asked = 0;
  return () => `/generate?seed=${asked++ % REPEATED_DOGS}`;
}

interface ServersOptions {
  python: string | null;
  versions: string[];
  rounds: number;
}

/** The servers in turns: with a dog that is new in each request, and with the same few dogs. */
async function serverTables(
  model: ModelFolder,
  config: string,
  { python, versions, rounds }: ServersOptions,
): Promise<string> {
  const contestant = (name: string, start: () => Promise<Server>): Contestant<{ fresh: Turn; repeated: Turn }> => ({
    name,
    start: async () => {
      const server = await start();
      await requestDogs(server.url, randomDog, REQUESTS, USUAL_CLIENTS);
      await requestDogs(server.url, repeatedDogs(), REQUESTS, USUAL_CLIENTS);
      return {
        turn: async () => ({
          fresh: await measured(server, randomDog, REQUESTS, USUAL_CLIENTS),
          repeated: await measured(server, repeatedDogs(), REPEATED_REQUESTS, USUAL_CLIENTS),
        }),
        stop: () => server.stop(),
      };
    },
  });
  const outcomes = await takeTurns(
    [
      contestant('Node server', () => nodeServer(model.folder)),
      contestant('FastAPI, uvicorn, onnxruntime, Pillow', () => pythonServer(model.folder, python, versions)),
      contestant('`pnpm serve`: the Worker in workerd, with wrangler', () => workerServer(config)),
    ],
    rounds,
  );
  const of = (kind: 'fresh' | 'repeated') =>
    outcomes.map((outcome) => ({ ...outcome, turns: outcome.turns.map((turn) => turn[kind]) }));
  return `${USUAL_CLIENTS} clients; the servers take turns of ${REQUESTS} requests, ${rounds} rounds. A core-second is a second of CPU time of the server with all its processes;
the clients' is not counted. Memory is resident, after the first and the last turn.

${serverTable(of('fresh'), REQUESTS)}

The same servers, asked for the same ${REPEATED_DOGS} dogs again and again, ${REPEATED_REQUESTS} requests a turn. Both of ours keep pictures that they made; the one in Python, as one would write it, makes each again.

${serverTable(of('repeated'), REPEATED_REQUESTS)}`;
}

function serverTable(outcomes: readonly Outcome<Turn>[], requests: number): string {
  const perCore = ({ turns }: Outcome<Turn>) => turns.map(({ cpuSeconds }) => requests / cpuSeconds);
  const first = outcomes[0]!;
  if (first.problem !== null) throw new Error(`the Node server does not run: ${first.problem}`);
  const rows = outcomes.map((outcome) => {
    const { name, turns, problem } = outcome;
    if (problem !== null) return [name, `not run: ${problem}`, '', '', '', '', ''];
    return [
      name,
      median(perCore(outcome)).toFixed(0),
      outcome === first ? '' : withSpread(pairedRatio(perCore(first), perCore(outcome)), 2),
      median(turns.map(({ seconds }) => requests / seconds)).toFixed(0),
      latencies(turns),
      `${turns[0]!.memory.toFixed(0)} to ${turns.at(-1)!.memory.toFixed(0)} MB`,
      `${(median(turns.map(({ bytes }) => bytes)) / requests / 1000).toFixed(1)} kB`,
    ];
  });
  const columns = ['server', 'requests per core-second', 'the Node server does so many times as many (least to most)'];
  return markdownTable([...columns, 'requests/s', 'p50, p99', 'memory', 'a PNG'], rows);
}

async function growthTables(model: ModelFolder, rounds: number): Promise<string> {
  const server = await nodeServer(model.folder);
  try {
    await requestDogs(server.url, randomDog, REQUESTS, USUAL_CLIENTS);
    const clients = await inTurns(CLIENTS, rounds, (count) => measured(server, randomDog, REQUESTS, count));
    const clientRows = clients.map(([count, turns]) => [
      String(count),
      withSpread(spread(turns.map(({ seconds }) => REQUESTS / seconds)), 0),
      median(turns.map(({ cpuSeconds }) => REQUESTS / cpuSeconds)).toFixed(0),
      latencies(turns),
      `${turns.at(-1)!.memory.toFixed(0)} MB`,
    ]);
    const grids = await inTurns(GRIDS, rounds, (dogs) => measured(server, () => randomGrid(dogs), GRID_REQUESTS, 1));
    const gridRows = grids.map(([dogs, turns]) => [
      String(dogs),
      withSpread(spread(turns.map(({ seconds }) => (1000 * seconds) / GRID_REQUESTS)), 1),
      median(turns.map(({ cpuSeconds }) => (1000 * cpuSeconds) / GRID_REQUESTS)).toFixed(1),
      median(turns.map(({ cpuSeconds }) => (1000 * cpuSeconds) / GRID_REQUESTS / dogs)).toFixed(2),
      `${(median(turns.map(({ bytes }) => bytes)) / GRID_REQUESTS / 1000).toFixed(1)} kB`,
    ]);
    return `The Node server with more clients:

${markdownTable(['clients', 'requests/s (least to most)', 'requests per core-second', 'p50, p99', 'memory'], clientRows)}

The Node server's \`/grid\` with more dogs, one client:

${markdownTable(['dogs', 'ms a request (least to most)', 'CPU ms', 'CPU ms a dog', 'a PNG'], gridRows)}`;
  } finally {
    await server.stop();
  }
}

async function fairness(model: ModelFolder): Promise<string> {
  const server = await nodeServer(model.folder);
  try {
    return await fairnessTables(server, randomDog);
  } finally {
    await server.stop();
  }
}

const randomGrid = (dogs: number) => `/grid?seeds=${[...crypto.getRandomValues(new Uint32Array(dogs))].join(',')}`;

async function inTurns(
  sizes: readonly number[],
  rounds: number,
  turn: (size: number) => Promise<Turn>,
): Promise<[number, Turn[]][]> {
  const turns = sizes.map((size): [number, Turn[]] => [size, []]);
  for (let round = 0; round < rounds; round++) {
    for (const [size, own] of round % 2 === 0 ? turns : turns.toReversed()) own.push(await turn(size));
  }
  return turns;
}

function latencies(turns: readonly Turn[]): string {
  const all = turns.flatMap(({ milliseconds }) => milliseconds);
  return `${percentile(all, 50).toFixed(0)}, ${percentile(all, 99).toFixed(0)} ms`;
}

async function workerTable(model: ModelFolder, generated: string): Promise<string> {
  const cost = await measureWorker(model, generated);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rows = [
    ['generator on onnxruntime-node, one thread', ms(cost.native)],
    ['generator in workerd', ms(cost.inference)],
    ['whole request in workerd, PNG included', ms(cost.generate)],
    ['generator in workerd, the first 20 runs of an isolate', ms(cost.firstInference)],
    ['start of the Worker, model loaded and one dog generated, above an idle Worker', ms(cost.startUp)],
    ['first request', ms(cost.firstRequest)],
  ];
  return `CPU time of the Worker, measured inside workerd without wrangler's proxy; runtimes take turns:

${markdownTable(['measured', 'CPU time'], rows)}

Pixels of 64 dogs from workerd differ from onnxruntime-node's by at most ${cost.largestDifference} of 255.`;
}

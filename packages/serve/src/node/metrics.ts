/** @module Measurements of the Node server in Prometheus's format, with prom-client: its defaults and the requests. */

import type { Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

interface MetricsOptions {
  /** Paths that get a label of their own; all others share one, so that clients cannot make labels. */
  readonly paths: readonly string[];
  /** Units of work being done or waiting (work/cost.ts). */
  readonly workUnits: () => number;
}

const METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** @returns makes the answer to /metrics */
export function measureRequests(server: Server, { paths, workUnits }: MetricsOptions): () => Promise<Response> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time until an answer was read, or its client left (status 499)',
    labelNames: ['method', 'path', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'latent_dogs_work_units',
    help: 'Units of work being done or waiting; at 1000 the server refuses more',
    registers: [registry],
    collect() {
      this.set(workUnits());
    },
  });
  server.on('request', (incoming, outgoing) => {
    const stop = duration.startTimer();
    outgoing.once('close', () => {
      const [path] = incoming.url!.split('?', 1) as [string];
      stop({
        method: METHODS.includes(incoming.method!) ? incoming.method! : 'other',
        path: paths.includes(path) ? path : 'other',
        status: outgoing.writableFinished ? outgoing.statusCode : 499,
      });
    });
  });
  return async () =>
    new Response(await registry.metrics(), {
      headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' },
    });
}

/** @module Runs a check on the Node server and on the Worker, one after the other. */
import { join } from 'node:path';
import { newestModel, readModelFolder } from '@latent-dogs/models';
import { nodeServer, type Server, workerServer } from '../bench/servers.ts';
import { prepare } from '../packages/serve/src/cloudflare/prepare.ts';
import { buildGallery } from '../packages/serve/src/cloudflare/run-tool.ts';
import { inWorkFolder } from '../packages/serve/src/cloudflare/work-folder.ts';
import { GALLERY } from '../packages/serve/src/places.ts';

export type ServerName = 'Node server' | 'Worker';

/**
 * @param model folder; null: the newest in models
 * @param check throws if something broke, otherwise says what happened
 * @returns what happened on both
 */
export async function onBothServers(
  model: string | null,
  check: (server: Server, name: ServerName) => Promise<string>,
): Promise<string> {
  const served = await readModelFolder(model ?? (await newestModel(join(import.meta.dirname, '../models'))));
  await buildGallery();
  return inWorkFolder(async (folder) => {
    const config = await prepare({ models: [served], gallery: GALLERY, out: folder });
    const starts = [
      ['Node server', () => nodeServer(served.folder)],
      ['Worker', () => workerServer(config)],
    ] as const;
    const results: string[] = [];
    for (const [name, start] of starts) {
      const server = await start();
      try {
        results.push(`${name}: ${await check(server, name)}`);
        if (!(await fetch(`${server.url}/healthz`)).ok) throw new Error(`${name}: /healthz fails afterwards`);
      } finally {
        await server.stop();
      }
    }
    return results.join('; ');
  });
}

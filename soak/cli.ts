/** @module `pnpm soak`: long checks. Each part is a file, which throws if something broke. */
import { runCommand } from '@latent-dogs/command-line';
import { type Part, parseSoakOptions, type SoakOptions } from './options.ts';

/** What was done and what happened, in one line. */
type Check = (options: SoakOptions) => Promise<string>;

const CHECKS: Record<Part, () => Promise<Check>> = {
  kills: async () => (await import('./kills.ts')).soakKills,
  photos: async () => (await import('./photos.ts')).soakPhotos,
  zips: async () => (await import('./zips.ts')).soakZips,
  disk: async () => (await import('./disk.ts')).soakDisk,
  requests: async () => (await import('./requests.ts')).soakRequests,
  load: async () => (await import('./load.ts')).soakLoad,
};

async function main(argv: readonly string[]): Promise<number> {
  const options = parseSoakOptions(argv);
  if (!options) return 0;
  for (const part of options.parts) {
    const started = performance.now();
    const result = await (await CHECKS[part]())(options);
    console.log(`${part}: ${result} (${Math.round((performance.now() - started) / 1_000)} s)`);
  }
  return 0;
}

if (import.meta.main) runCommand(main);

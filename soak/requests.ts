/** @module Mutated requests: both servers answer each, never with a 5xx, a stack trace, or an error that is no problem document. */
import { grouped } from '@latent-dogs/command-line';
import { faultOf, mutatedRequest, randomFrom } from '../packages/serve/src/testing/mutated-requests.ts';
import { sendRaw } from '../packages/serve/src/testing/raw-http.ts';
import { onBothServers } from './both-servers.ts';
import type { SoakOptions } from './options.ts';

const CLIENTS = 8;
/** Examples of a fault that an error shows. */
const SHOWN = 3;

export function soakRequests({ count, seed, model }: SoakOptions): Promise<string> {
  const requests = count ?? 20_000;
  return onBothServers(model, async (server, name) => {
    // wrangler's proxy answers what is not HTTP itself, before the Worker.
    const strict = name === 'Worker';
    const before = server.memory();
    const { statuses, faults } = await sendMutated(server.url, { requests, seed, strict });
    if (faults.length > 0) {
      throw new Error(`${name}: ${grouped(faults.length)} faults, such as\n${faults.slice(0, SHOWN).join('\n')}`);
    }
    const counts = [...statuses].sort().map(([status, times]) => `${grouped(times)} x ${status}`);
    return `${grouped(requests)} requests, no fault (${counts.join(', ')}), ${before.toFixed(0)} MB before, ${server.memory().toFixed(0)} MB after`;
  });
}

async function sendMutated(
  url: string,
  { requests, seed, strict }: { requests: number; seed: number; strict: boolean },
) {
  const random = randomFrom(seed);
  const statuses = new Map<string, number>();
  const faults: string[] = [];
  let sent = 0;
  const client = async () => {
    while (sent++ < requests) {
      const request = mutatedRequest(random, strict);
      const answer = await sendRaw(url, request).answer;
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'no answer';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const fault = faultOf(answer);
      if (fault !== undefined) faults.push(`${fault}: ${JSON.stringify(request).slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { statuses, faults };
}

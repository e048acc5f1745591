import type { TrainingReply } from '../training/protocol.ts';

const NAMES = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;

/** `Chrome 153`, `Firefox 153`, `Safari 26`, from what a browser calls itself. */
export function browserName(userAgent: string): string {
  const found = /(Edg|OPR|Firefox|Chrome)\/(\d+)/.exec(userAgent) ?? /(Version)\/(\d+).*Safari/.exec(userAgent);
  if (!found) return 'unknown browser';
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', Version: 'Safari' };
  // Edge and Opera call themselves Chrome first.
  const own = /(Edg|OPR)\/(\d+)/.exec(userAgent) ?? found;
  return `${names[own[1]!] ?? own[1]} ${own[2]}`;
}

/** A row of the table in docs/gpu.md. @param cores of the machine, as the browser says. */
export function measurementLine(
  { config, speeds, adapter, note }: Extract<TrainingReply, { kind: 'measured' }>,
  date: Date,
  userAgent: string,
  cores: number,
): string {
  const { size, channels, batch, latent } = config;
  const what = `the Studio's “Measure”: ${size}x${size}, ${channels} channels, latent ${latent}, batch ${batch}`;
  const results = speeds.map(({ provider, threads, firstStep, imagesPerSecond }) => {
    const name = provider === 'wasm' && threads > 1 ? `${NAMES.wasm}, ${threads} threads` : NAMES[provider];
    return `${name}: ${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0)} images/s, first step after ${(firstStep / 1000).toFixed(1)} s`;
  });
  if (note) results.push(`WebGPU failed: ${note.replaceAll(/\s+/g, ' ').replaceAll('|', '/')}`);
  const machine = `${adapter || 'no WebGPU adapter'}, ${cores} threads, ${browserName(userAgent)}`;
  return `| ${date.toISOString().slice(0, 10)} | ${machine} | ${what} | ${results.join('; ')} |`;
}

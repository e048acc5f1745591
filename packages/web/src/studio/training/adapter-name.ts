/** @module The name of the graphics card. */

/** The parts of WebGPU used here, which TypeScript's own library does not describe. */
interface Gpu {
  requestAdapter(): Promise<{ info?: { vendor?: string; architecture?: string; description?: string } } | null>;
}

/** The graphics card as the browser names it, such as `nvidia ampere`; empty without WebGPU. */
export async function adapterName(): Promise<string> {
  const { gpu } = navigator as unknown as { gpu?: Gpu };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(' ');
}

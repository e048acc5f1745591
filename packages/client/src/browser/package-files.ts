/** @module Addresses of this package's files that are loaded at run time. */

interface WorkerFiles {
  worker: string;
  /** ONNX Runtime's script. */
  glue: string;
  /** ONNX Runtime itself. */
  wasm: string;
}

/**
 * Bundlers know the form of these expressions and copy such files to their output. The paths are relative to the built package.
 */
const ADDRESSES = {
  wasm: () => ({
    worker: new URL('./wasm-worker.js', import.meta.url).href,
    glue: new URL('./ort-wasm.js', import.meta.url).href,
    wasm: new URL('./ort-wasm.wasm', import.meta.url).href,
  }),
  webgpu: () => ({
    worker: new URL('./webgpu-worker.js', import.meta.url).href,
    glue: new URL('./ort-webgpu.js', import.meta.url).href,
    wasm: new URL('./ort-webgpu.wasm', import.meta.url).href,
  }),
};

const absolute = (address: string) => new URL(address, location.href).href;

/** @param folder where the files are, if they are not beside this script */
export function packageFiles(provider: 'wasm' | 'webgpu', folder: string | URL | undefined): WorkerFiles {
  if (folder === undefined) {
    const { worker, glue, wasm } = ADDRESSES[provider]();
    // Turbopack gives addresses without an origin.
    return { worker: absolute(worker), glue: absolute(glue), wasm: absolute(wasm) };
  }
  const base = absolute(String(folder).replace(/\/?$/, '/'));
  return {
    worker: new URL(`${provider}-worker.js`, base).href,
    glue: new URL(`ort-${provider}.js`, base).href,
    wasm: new URL(`ort-${provider}.wasm`, base).href,
  };
}

/** Browsers start workers of the page's own origin only; one of another origin is imported by a script of this one. */
export function startWorker(address: string): Worker {
  if (new URL(address).origin === location.origin) return new Worker(address, { type: 'module' });
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' }));
  return new Worker(script, { type: 'module' });
}

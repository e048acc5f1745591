/** @module The processor, the memory and the graphics drivers of this machine. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface Hardware {
  processor: string;
  threads: number;
  /** Bytes. */
  memory: number;
  /** NVIDIA cards listed by nvidia-smi; null: no list. */
  nvidia: { name: string; driver: string; memory: string }[] | null;
  /** Why nvidia-smi failed; null: it did not, or is not installed. */
  nvidiaProblem: string | null;
  /** Vulkan, which WebGPU uses on Linux; null on other systems. */
  vulkan: Vulkan | null;
}

interface Vulkan {
  /** Whether the loader libvulkan.so.1 is installed. */
  loader: boolean;
  /** Paths of the drivers' manifests. */
  drivers: string[];
}

export async function readHardware(): Promise<Hardware> {
  const { cards, problem } = await nvidiaCards();
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memory: totalmem(),
    nvidia: cards,
    nvidiaProblem: problem,
    vulkan: process.platform === 'linux' ? await readVulkan() : null,
  };
}

async function nvidiaCards(): Promise<{ cards: Hardware['nvidia']; problem: string | null }> {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 20_000 });
    const lines = stdout.trim().split('\n').filter(Boolean);
    const cards = lines.map((line) => {
      const [name = '', driver = '', memory = ''] = line.split(', ');
      return { name, driver, memory };
    });
    return { cards, problem: null };
  } catch (error) {
    const { code, stdout = '', message } = error as NodeJS.ErrnoException & { stdout?: string };
    if (code === 'ENOENT') return { cards: null, problem: null };
    return { cards: null, problem: stdout.trim().split('\n')[0] || message.split('\n')[0]! };
  }
}

/** Finds drivers like the loader: from environment variables, otherwise in system folders. */
async function readVulkan(): Promise<Vulkan> {
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  const drivers = named === undefined ? await installedDrivers() : named.split(delimiter).filter(Boolean);
  return { loader: await hasLoader(), drivers: await readable(drivers) };
}

const DRIVER_FOLDERS = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d'];

async function installedDrivers(): Promise<string[]> {
  const listings = await Promise.all(
    DRIVER_FOLDERS.map(async (folder) => {
      const names = await readdir(folder).catch((): string[] => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
    }),
  );
  return listings.flat();
}

async function readable(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map((file) =>
      readFile(file).then(
        () => [file],
        () => [],
      ),
    ),
  );
  return found.flat();
}

async function hasLoader(): Promise<boolean> {
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const folder of folders)
    if ((await readdir(folder).catch((): string[] => [])).includes('libvulkan.so.1')) return true;
  const { stdout } = await promisify(execFile)('/sbin/ldconfig', ['-p']).catch(() => ({ stdout: '' }));
  return stdout.includes('libvulkan.so.1');
}

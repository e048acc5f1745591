import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

/** Where Debian's Chromium keeps the driver description of its software adapter, and its Vulkan loader beside it. */
const DEBIAN = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Environment in which a process finds a Vulkan adapter: the one that VK_ICD_FILENAMES names, else SwiftShader, Google's
 * software one, from the npm package @sparticuz/chromium (Linux on x64) or from Debian's Chromium. undefined without any.
 *
 * @param folder where the driver may be unpacked.
 */
export function vulkanEnvironment(folder: string): Record<string, string> | undefined {
  const { VK_ICD_FILENAMES } = process.env;
  if (VK_ICD_FILENAMES) return { VK_ICD_FILENAMES };
  if (process.platform !== 'linux') return undefined;
  if (process.arch === 'x64') return environmentOf(unpackSwiftShader(folder));
  return existsSync(DEBIAN) ? environmentOf(DEBIAN) : undefined;
}

/** The driver, and the loader libvulkan.so.1 that lies beside it. */
const environmentOf = (icd: string) => ({ VK_ICD_FILENAMES: icd, LD_LIBRARY_PATH: dirname(icd) });

/** Unpacks the driver and the loader. @returns the file that describes the driver. */
function unpackSwiftShader(folder: string): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
  const archive = brotliDecompressSync(readFileSync(join(dirname(entry), '..', 'bin', 'swiftshader.tar.br')));
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  return join(folder, 'vk_swiftshader_icd.json');
}

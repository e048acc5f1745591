/** @module A real Chromium: the one inside @sparticuz/chromium, else one that is installed. */
import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

/** A GPU emulated in software: slow, but the same code path through WebGPU. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export const launch = (executablePath: string) =>
  chromium.launch({ executablePath, args: ['--no-sandbox', ...SOFTWARE_WEBGPU] });

/**
 * Path of a Chromium that starts. Unpacks the one in the package, so call it once, before several processes need it.
 * @throws Error naming what was tried, if none starts
 */
export async function findChromium(): Promise<string> {
  // The package has a program for Linux on x64 only.
  const own = process.platform === 'linux' && process.arch === 'x64' ? [await sparticuz.executablePath()] : [];
  const tried: string[] = [];
  for (const executablePath of [...own, ...INSTALLED.filter(existsSync)]) {
    try {
      await (await launch(executablePath)).close();
      return executablePath;
    } catch (error) {
      tried.push(`${executablePath}: ${String(error).slice(0, 300)}`);
    }
  }
  throw new Error(`No Chromium starts. Install one (Debian: apt-get install chromium). Tried:\n${tried.join('\n')}`);
}

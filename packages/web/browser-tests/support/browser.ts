/** @module A real Chromium for the tests: the one inside @sparticuz/chromium, else one that is installed. */
import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A graphics processor in software; slow, but the same path through WebGPU. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

async function executables(): Promise<string[]> {
  // The package holds a program for Linux on x64 alone.
  const own = process.platform === 'linux' && process.arch === 'x64' ? [await sparticuz.executablePath()] : [];
  return [...own, ...INSTALLED.filter(existsSync)];
}

/** @throws Error naming what was tried where no Chromium starts */
export async function launchChromium(): Promise<Browser> {
  const tried: string[] = [];
  for (const executablePath of await executables()) {
    try {
      return await chromium.launch({ executablePath, args: ['--no-sandbox', ...SOFTWARE_WEBGPU] });
    } catch (error) {
      tried.push(`${executablePath}: ${String(error).slice(0, 300)}`);
    }
  }
  throw new Error(`No Chromium starts. Install one (Debian: apt-get install chromium). Tried:\n${tried.join('\n')}`);
}

/** @module A real Chromium: the one inside @sparticuz/chromium, else one that is installed. */
import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A GPU emulated in software: slow, but the same code path through WebGPU. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export async function launchChromium(): Promise<Browser> {
  // The package has a program for Linux on x64 only.
  const own = process.platform === 'linux' && process.arch === 'x64' ? await sparticuz.executablePath() : undefined;
  const executablePath = own ?? INSTALLED.find(existsSync);
  if (!executablePath) throw new Error('No Chromium found. Install one (Debian: apt-get install chromium).');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...SOFTWARE_WEBGPU] });
}

/** @module The browsers that the core paths are tested in, and what is missing for those that cannot start. */
import { existsSync } from 'node:fs';
import { openChromium } from './chromium-tab.ts';
import { openFirefox } from './firefox.ts';
import type { OpenBrowser } from './tab.ts';
import { openWebKit } from './webkit.ts';

export interface TestedBrowser {
  name: 'Chromium' | 'Firefox' | 'WebKit';
  /** How to install it, if it is not installed. */
  missing: string | null;
  /** @param chromium path of the Chromium that the other tests use */
  open(chromium: string): Promise<OpenBrowser>;
}

const installed = (paths: readonly string[]) => paths.find(existsSync);

const firefox = installed([
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]);

const driver = installed(['/usr/bin/WebKitWebDriver']);
const miniBrowser = installed(
  ['x86_64', 'aarch64']
    .flatMap((machine) => ['4.1', '6.0'].map((version) => `${machine}-linux-gnu/webkit2gtk-${version}`))
    .map((folder) => `/usr/lib/${folder}/MiniBrowser`),
);
const xvfb = installed(['/usr/bin/Xvfb']);

export const BROWSERS: readonly TestedBrowser[] = [
  { name: 'Chromium', missing: null, open: openChromium },
  {
    name: 'Firefox',
    missing: firefox ? null : 'apt-get install firefox-esr',
    open: () => openFirefox(firefox!),
  },
  {
    name: 'WebKit',
    missing: driver && miniBrowser && xvfb ? null : 'apt-get install webkit2gtk-driver xvfb',
    open: () => openWebKit({ driver: driver!, browser: miniBrowser!, xvfb: xvfb! }),
  },
];

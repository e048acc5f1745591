/** @module The Chromium of the tests. */
import type { Browser } from 'playwright-core';
import { inject } from 'vitest';
import { launch } from './chromium.ts';

export const launchChromium = (): Promise<Browser> => launch(inject('chromium'));

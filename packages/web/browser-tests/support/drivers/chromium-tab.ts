/** @module The Chromium of the other tests, as one of the three. */
import { launch } from '../chromium.ts';
import type { OpenBrowser } from './tab.ts';

export async function openChromium(executablePath: string): Promise<OpenBrowser> {
  const browser = await launch(executablePath);
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  return {
    tab: {
      goTo: async (address) => {
        await page.goto(address);
      },
      evaluate: (expression) => page.evaluate(expression),
      clickAt: ({ x, y }) => page.mouse.click(x, y),
      type: (text) => page.keyboard.type(text),
    },
    close: () => browser.close(),
  };
}

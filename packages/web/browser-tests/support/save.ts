/** @module Saves what is on the stage through the menu. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';

export async function save(page: Page, choice: string): Promise<{ download: Download; bytes: Buffer }> {
  // Encoding takes its time on a busy machine; the test's own limit is enough.
  const coming = page.waitForEvent('download', { timeout: 0 });
  await page.locator('summary', { hasText: 'Save' }).click();
  await page.getByRole('button', { name: choice }).click();
  const download = await coming;
  return { download, bytes: await readFile(await download.path()) };
}

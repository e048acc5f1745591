/** @module The steps of a visitor to the Studio, and drawn photos. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';

export interface PhotoFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Faces of other colours and places, 160 x 120 pixels. */
export async function drawnPhotos(count: number): Promise<PhotoFile[]> {
  const draw = (i: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120">
      <rect width="160" height="120" fill="hsl(${i * 37} 60% 50%)"/>
      <circle cx="${60 + (i % 40)}" cy="60" r="40" fill="hsl(${i * 91} 50% 70%)"/>
      <circle cx="${50 + (i % 40)}" cy="50" r="6"/><circle cx="${70 + (i % 40)}" cy="50" r="6"/>
    </svg>`;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => ({
      name: `photo-${i}.png`,
      mimeType: 'image/png',
      buffer: await sharp(Buffer.from(draw(i)))
        .png()
        .toBuffer(),
    })),
  );
}

/** Drops files on the page, as from a file manager. */
export async function dropFiles(page: Page, files: readonly PhotoFile[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (given) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      return data;
    },
    files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') })),
  );
  await page.locator('.drop-zone').dispatchEvent('drop', { dataTransfer: transfer });
}

/** Waits until the page has read so many photos. */
export const photosRead = (page: Page, count: number) =>
  page.getByText(count === 1 ? '1 photo' : `${count} photos`, { exact: true }).waitFor();

/** Sets settings under "Advanced". */
export async function setAdvanced(page: Page, settings: Readonly<Record<string, string>>): Promise<void> {
  await page.getByText('Advanced', { exact: true }).click();
  for (const [name, value] of Object.entries(settings)) {
    const field = page.locator(`#setting-${name}`);
    await field.fill(value);
    await field.blur();
  }
}

export const phaseIs = (page: Page, phase: string) => page.locator(`.run-panel[data-phase="${phase}"]`).waitFor();

/** How many pictures the training has seen, as the page says. */
export async function seenBy(page: Page): Promise<number> {
  const text = await page.locator('.numbers .seen').textContent();
  return Number(text!.split(' of ')[0]!.replaceAll(',', ''));
}

/** The pixels of a canvas, to compare them with later ones. */
export const canvasOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

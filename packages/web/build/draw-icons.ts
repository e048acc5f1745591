/** @module Draws public/*.png from public/icon.svg; run it after changing the SVG: `node build/draw-icons.ts`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const publicFile = (name: string) => fileURLToPath(new URL(`../public/${name}`, import.meta.url));
const svg = await readFile(publicFile('icon.svg'), 'utf8');
/** Launchers cut maskable icons to a circle of 80 %: square corners, and the dog inside the circle. */
const maskable = svg
  .replace('rx="15"', '')
  .replace('viewBox="0 0 64 64"', 'viewBox="-8 -8 80 80" style="background:#c05a24"');

const draw = (drawing: string, side: number, name: string) =>
  sharp(Buffer.from(drawing), { density: (72 * side) / 64 })
    .resize(side, side)
    .png({ palette: true })
    .toFile(publicFile(name));

await draw(svg, 192, 'icon-192.png');
await draw(svg, 512, 'icon-512.png');
await draw(maskable, 512, 'icon-maskable-512.png');

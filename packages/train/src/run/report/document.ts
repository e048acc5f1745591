/** @module A self-contained HTML page with charts: uPlot, scripts, styles and data are inline. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export interface Page {
  /** Plain text; escaped here. */
  title: string;
  /** HTML; the caller escapes. */
  body: string;
  /** Data for the scripts, in the element `#data`. */
  data: unknown;
  /** Scripts, run in order after uPlot and `chart.js`. */
  scripts: readonly URL[];
  /** CSS appended to `report.css`. */
  style?: string;
}

/** The HTML of a page with charts. */
export async function documentOf({ data, scripts, body, ...page }: Page): Promise<string> {
  const code = await contents([
    new URL('language.js', import.meta.url),
    library('uPlot.iife.min.js'),
    new URL('chart.js', import.meta.url),
    ...scripts,
  ]);
  const json = JSON.stringify(data, shortNumbers).replaceAll('<', '\\u003c');
  return plainDocument({
    ...page,
    libraryStyle: await contents([library('uPlot.min.css')]),
    body: `${body}
<script type="application/json" id="data">${json}</script>
<script>${code}</script>`,
  });
}

/** The HTML of a page without charts. */
export async function plainDocument({
  title,
  body,
  libraryStyle = '',
  style = '',
}: Pick<Page, 'title' | 'body' | 'style'> & { libraryStyle?: string }): Promise<string> {
  const own = await contents([new URL('report.css', import.meta.url)]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${libraryStyle}
${own}
${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const library = (file: string) => createRequire(import.meta.url).resolve(`uplot/dist/${file}`);

/** Cache: a run writes its report often, and these files don't change. */
const read = new Map<string, Promise<string>>();

async function contents(files: readonly (URL | string)[]): Promise<string> {
  const texts = files.map((file) => {
    const known = read.get(String(file)) ?? readFile(file, 'utf8');
    read.set(String(file), known);
    return known;
  });
  return (await Promise.all(texts)).join('\n');
}

/** Rounds to four significant digits, more than a chart shows. */
function shortNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

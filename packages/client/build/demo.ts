/** @module A page beside an exported model that shows it on any static host, without other servers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBrowserFiles } from './build-package.ts';

/** What `writeDemo` writes into a model folder. */
export const DEMO_FILES = ['demo.html', 'client'] as const;

/** Writes demo.html and the scripts that it needs, 14 MB, into a model folder. */
export async function writeDemo(folder: string, { name, size }: { name: string; size: number }): Promise<void> {
  await writeBrowserFiles(join(folder, 'client'), { webgpu: false });
  await writeFile(join(folder, 'demo.html'), page(name, size), { flush: true });
}

const SEEDS = ['luna', 'rex', 'bella', 'max', 'daisy', 'rocky', 'molly', 'buddy', 'lucy', 'charlie', 'sadie', 'jack'];

/** The name of a model holds no character that means something in HTML. */
const page = (name: string, size: number) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}</title>
<style>
  :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  latent-dog, latent-morph { width: ${Math.max(size, 128)}px; border-radius: 0.5rem; }
  input[type="text"] { font: inherit; padding: 0.3rem 0.5rem; }
  .row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
</style>
<script type="module" src="client/elements.js"></script>
</head>
<body>
<h1>${name}</h1>
<p>These dogs do not exist. Your browser makes them, from a name.</p>

<h2><label for="seed">Any name is a dog</label></h2>
<p><input id="seed" type="text" value="luna" maxlength="64"></p>
<latent-dog id="dog" seed="luna" model="./"></latent-dog>

<h2><label for="way">One turns into another</label></h2>
<p><input id="way" type="range" min="0" max="1" step="0.01" value="0.5"></p>
<latent-morph id="morph" from="luna" to="rex" t="0.5" model="./"></latent-morph>

<h2>More of them</h2>
<div class="row">
${SEEDS.map((seed) => `  <latent-dog seed="${seed}" model="./"></latent-dog>`).join('\n')}
</div>

<script type="module">
  seed.oninput = () => dog.setAttribute('seed', seed.value || 'luna');
  way.oninput = () => morph.setAttribute('t', way.value);
</script>
</body>
</html>
`;

/** @module /docs: the OpenAPI document as a self-contained HTML page. */

import { html } from 'hono/html';
import { PROBLEMS } from '../http/problem.ts';
import type { OpenApiDocument, Operation, Parameter } from '../openapi/document.ts';
import { STYLE } from './style.ts';

/** @param origin of the server, for examples that are copied elsewhere */
export function docsPage({ info, paths }: OpenApiDocument, origin: string) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}: API</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ctext y='14' font-size='14'%3E🐕%3C/text%3E%3C/svg%3E">
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<img src="/generate?seed=luna&amp;size=256" width="128" height="128" alt="A dog that doesn't exist">
<div><h1>${info.title}</h1><p>${info.description}</p>
<p>Without a seed, /generate redirects to a random dog. A click on an example selects it for copying.</p>
<p><a href="/">Gallery</a> <a href="/openapi.json">OpenAPI document</a> <a href="/models">Models</a></p></div>
</header>
${Object.entries(paths).map(([path, { get }]) => operationSection(path, get, origin))}
<section><h2>Problems</h2>
<p>Errors are problem documents (RFC 9457, <code>application/problem+json</code>) that name the parameter and its legal values.</p>
<dl>${Object.entries(PROBLEMS).map(([kind, { status, title }]) => html`<dt id="${kind}">${status} ${title}</dt><dd>${EXPLANATIONS[kind as keyof typeof PROBLEMS]}</dd>`)}</dl>
</section>
</main>
</body>
</html>`;
}

const EXPLANATIONS: Record<keyof typeof PROBLEMS, string> = {
  'invalid-parameter':
    'A parameter is missing, unknown, repeated or out of range. "errors" lists each one and its legal values.',
  'not-found': 'This path does not exist.',
  'unknown-model': 'No model is served here that "model" names. The document says which ones are; /models lists them.',
  'method-not-allowed': 'Only GET, HEAD and OPTIONS are allowed.',
  'not-acceptable':
    'The Accept header excludes the media type of this URL. "format" selects the format; only with format=auto Accept does.',
  'request-timeout': 'The request did not arrive within the time that the server waits.',
  'headers-too-large': 'The headers exceed their maximum length or number.',
  'uri-too-long': 'The URL exceeds the maximum length.',
  'too-many-requests':
    'Too many new pictures requested from one address within a minute; large ones count more. Cached pictures do not count.',
  overloaded: 'The server has as much to do as it accepts. Retry-After says when to try again.',
  'internal-error': 'An error in the server.',
  'shutting-down': 'The server is about to end. Another one, or the next, answers.',
  'model-unavailable': 'The model could not be loaded. The next request tries again.',
};

/** Pictures of a kind that the first example does not show. */
const MORE_EXAMPLES: Readonly<Partial<Record<string, readonly string[]>>> = {
  '/generate': ['/generate?seed=(Anna*Ben)3'],
  '/interpolate': [
    '/interpolate?from=luna&to=rex&frames=24&format=webp',
    '/interpolate?from=luna&to=rex&frames=5&format=strip',
  ],
};

/** What a script takes from the JSON of these paths. */
const MEMBERS: Readonly<Partial<Record<string, string>>> = {
  '/generate.json': 'z, image',
  '/interpolate.json': 'z, image',
  '/mix.json': 'z, image',
  '/grid.json': 'image, sprites',
  '/models': 'models',
};

function operationSection(path: string, { summary, description, parameters, responses }: Operation, origin: string) {
  const example = exampleUrl(path, parameters ?? []);
  const content = responses['200']!.content!;
  const isPicture = 'image/png' in content;
  const members = MEMBERS[path];
  return html`<section><h2><code>GET ${path}</code></h2>
<p>${summary}. ${description ?? ''}</p>
${
  parameters &&
  html`<table><thead><tr><th>Parameter</th><th>Description</th><th>Default</th></tr></thead>
<tbody>${parameters.map(parameterRow)}</tbody></table>`
}
<p><a href="${example}">${example}</a></p>
${MORE_EXAMPLES[path]?.map(
  (more) => html`<p><a href="${more}">${more}</a></p>
<img src="${more}" alt="" loading="lazy" height="128">`,
)}
${
  isPicture &&
  html`<img src="${example}" alt="" loading="lazy" height="128">
<pre>curl -o dog.png '${origin}${example}'</pre>
<pre>&lt;img src=&quot;${origin}${example}&quot; alt=&quot;A dog&quot;&gt;</pre>
<pre>const picture = await (await fetch('${origin}${example}')).blob()</pre>`
}
${
  members &&
  html`<pre>curl '${origin}${example}'</pre>
<pre>const { ${members} } = await (await fetch('${origin}${example}')).json()</pre>`
}
${'application/zip' in content && html`<pre>curl -o dogs.zip '${origin}${example}'</pre>`}
${parameters && !path.includes('{') && tryForm(path, parameters)}</section>`;
}

/** Asks for the answer in a new tab: required parameters, those with defaults, and the seed. */
function tryForm(path: string, parameters: readonly Parameter[]) {
  const shown = parameters.filter(
    ({ name, required, schema }) => required || schema['default'] !== undefined || name === 'seed',
  );
  if (shown.length === 0) return '';
  return html`<form action="${path}" target="_blank">${shown.map(field)} <button>Try it</button></form>`;
}

function field({ name, schema }: Parameter) {
  const { type, enum: options, default: fallback, examples, minimum, maximum } = schema as Record<string, unknown>;
  const value = String(fallback ?? (examples as unknown[])[0]);
  if (options) {
    const choices = (options as string[]).map(
      (one) => html`<option ${one === value ? 'selected' : ''}>${one}</option>`,
    );
    return html`<label>${name} <select name="${name}">${choices}</select></label> `;
  }
  if (type !== 'integer' && type !== 'number') {
    return html`<label>${name} <input name="${name}" value="${value}" required size="8"></label> `;
  }
  const step = type === 'integer' ? '1' : 'any';
  return html`<label>${name} <input type="number" name="${name}" value="${value}" min="${minimum}" max="${maximum}" step="${step}" required></label> `;
}

function parameterRow({ name, description, required, schema }: Parameter) {
  return html`<tr><td><code>${name}</code></td><td>${description}</td><td>${required ? 'required' : String(schema.default ?? '')}</td></tr>`;
}

const exampleOf = ({ schema }: Parameter) => String((schema.examples as unknown[])[0]);

/** A URL with the required parameters, or else the first one, set to their examples. */
function exampleUrl(path: string, parameters: readonly Parameter[]): string {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const filled = inPath.reduce((url, parameter) => url.replace(`{${parameter.name}}`, exampleOf(parameter)), path);
  const required = inQuery.filter((parameter) => parameter.required);
  const shown = required.length > 0 ? required : inQuery.slice(0, 1);
  const pairs = shown.map((parameter) => [parameter.name, exampleOf(parameter)]);
  return pairs.length === 0 ? filled : `${filled}?${new URLSearchParams(pairs)}`;
}

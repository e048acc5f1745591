/** @module The value that a bundled JavaScript module exports, read without running the module. */

const TOKEN =
  /"(?:[^"\\]|\\.)*"|!0|!1|void 0|null|true|false|-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[A-Za-z_$][\w$]*(?=\s*:)|[{}[\],:]|\s+/giy;

/**
 * Reads the object or the string of `….exports={…}` or `….exports="…"` in a module that browserify and terser wrote: a
 * literal of JSON values, with minified numbers, booleans and keys.
 *
 * @throws Error if the module exports anything else.
 */
export function moduleValue(source: string): unknown {
  const start = /\.exports=(?=[{"])/.exec(source);
  if (!start) throw new Error('exports no object and no text');
  const json: string[] = [];
  let depth = 0;
  TOKEN.lastIndex = start.index + start[0].length;
  do {
    const at = TOKEN.lastIndex;
    const [token] = TOKEN.exec(source) ?? [];
    if (token === undefined) throw new Error(`exports more than values: ${source.slice(at, at + 20)}`);
    if (/^[{[]$/.test(token)) depth++;
    if (/^[}\]]$/.test(token)) depth--;
    json.push(asJson(token));
  } while (depth > 0);
  return JSON.parse(json.join(''));
}

function asJson(token: string): string {
  if (token === '!0') return 'true';
  if (token === '!1') return 'false';
  if (token === 'void 0') return 'null';
  if (/^[A-Za-z_$]/.test(token) && !['null', 'true', 'false'].includes(token)) return JSON.stringify(token);
  return token.replace(/^(-?)\./, '$10.').replace(/^(-?\d+)\.(?=e|$)/i, '$1');
}

/** @module Requests that are wrong in random ways, as text, for tests and `pnpm soak`. */

/** A number from 0 to 1, exclusive. */
type Random = () => number;

/** Mulberry32, so that the requests of a seed can be sent again. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TARGETS = [
  '/generate?seed=luna&size=64&truncation=0.7&filter=nearest&format=png',
  '/generate?seed=42&format=webp&download=1',
  '/generate.json?seed=42',
  '/generate/luna.avif?size=64',
  '/generate?seed=42&format=auto',
  '/interpolate?from=1&to=2&frames=3&format=webp',
  '/generate',
  '/interpolate?from=luna&to=rex&t=0.5',
  '/interpolate?from=1&to=2&frames=3&format=strip',
  '/mix?dogs=anna,ben,3&x=0.2&y=0.7&dials=1.5,warm-cool:-2',
  '/grid?seeds=0-3,rex',
  '/grid.json?seeds=0-3,rex&size=100',
  '/generate.zip?seeds=1-3,rex&format=webp',
  '/s/luna,42?at=0.5&model=dogs-64~0123abcd',
  '/s/(Anna*Ben)3,((Anna*Ben)3*x)1?mix=0.5,0.2&dials=1,-2&psi=0.8',
  '/grid?seeds=(Anna*Ben)3,((Anna*Ben)3*a,b)1,0-3',
  '/model',
  '/model/generator.onnx?model=0123456789abcdef',
  '/openapi.json',
  '/docs',
  '/healthz',
  '/robots.txt',
  '/',
  '/index.html',
  '/models/index.json?v=0123456789abcdef',
];
const VALUES = [
  '',
  '0',
  '-1',
  '1e9',
  'NaN',
  '4294967296',
  '0-4294967295',
  ',,',
  '../..',
  '%00',
  '%ff',
  '%',
  '__proto__',
  '🐕',
  '<script>',
  "'",
];
const HOSTS = [
  '1.2.3.4.5',
  '256.256.256.256',
  '0x100000000',
  'a.0x',
  '[::1',
  '[::1]:80',
  'a b',
  'localhost:99999',
  '',
  '%',
  'é',
  'a@b',
];
const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'DELETE',
  'TRACE',
  'FOO',
  'get',
  'CONNECT',
];
const HEADERS = [
  ['Accept', ['*/*', 'image/png', 'garbage', ',', 'text/html;q=0', 'a/b;q=x']],
  ['Accept-Encoding', ['br', 'gzip;q=0', '*', ';;;', 'br;q=nonsense']],
  ['If-None-Match', ['*', '"a"', 'W/"', '"'.repeat(500)]],
  ['If-Modified-Since', ['0', 'Thu, 01 Jan 2099 00:00:00 GMT', 'x']],
  ['Range', ['bytes=0-', 'bytes=5-1', 'bytes=-', 'x'.repeat(100)]],
  ['Origin', ['null', 'http://a', '\u00ff']],
  ['X-Forwarded-For', ['1.2.3.4', ',,', '::::', 'x']],
  ['Cookie', ['x'.repeat(5000)]],
  ['Expect', ['100-continue', 'x']],
  ['Upgrade', ['websocket', 'h2c']],
  ['Access-Control-Request-Method', ['GET', '']],
] as const;

/**
 * A request for GET and other methods with `Connection: close`.
 *
 * @param strict only what a correct client can send: legal Host and methods, and no raw bytes that HTTP does not allow
 */
export function mutatedRequest(random: Random, strict: boolean): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
  const byte = () =>
    strict ? encodeURIComponent(one([...VALUES, '&', '=', '?', '/', '.'])) : String.fromCharCode(1 + below(255));

  let target = one(TARGETS);
  for (let count = below(4); count > 0; count--) {
    const at = 1 + below(target.length);
    const mutation = below(4);
    if (mutation === 0) target = target.slice(0, at) + target.slice(at + 1);
    else if (mutation === 1) target = target.slice(0, at) + byte() + target.slice(at);
    else if (mutation === 2)
      target = target.replace(/=[^&]*/, `=${strict ? encodeURIComponent(one(VALUES)) : one(VALUES)}`);
    else target += `${target.includes('?') ? '&' : '?'}${encodeURIComponent(one(VALUES))}=${byte()}`;
  }
  const method = strict ? one(METHODS.slice(0, 9)) : one(METHODS);
  const lines = [`${method} ${target.replace(/[\r\n]/g, '')} HTTP/1.${strict || below(8) > 0 ? 1 : 0}`];
  const host = strict ? 'localhost' : one(['localhost', 'localhost', 'localhost', undefined, one(HOSTS)]);
  if (host !== undefined) lines.push(`Host: ${host}`);
  for (let count = below(4); count > 0; count--) {
    const [name, values] = one(HEADERS);
    if (strict && (name === 'Expect' || name === 'Upgrade')) continue;
    lines.push(`${name}: ${one(values)}`);
  }
  if (!strict && below(20) === 0)
    lines.push(one([': x', 'a b: c', ' folded', 'Content-Length: x', 'Transfer-Encoding: x']));
  return `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`;
}

/** What is wrong with a server's answer; undefined if nothing is. `answer` is Latin-1. */
export function faultOf(answer: string): string | undefined {
  // An interim answer may come first.
  const [head = '', ...body] = answer.replace(/^HTTP\/1\.1 1\d\d [\s\S]*?\r\n\r\n/, '').split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  if (Number.isNaN(status)) return answer === '' ? 'no answer' : 'not HTTP';
  if (status >= 500) return `status ${status}`;
  if (status >= 400 && !/^content-type: application\/problem\+json\r?$/im.test(head)) {
    return `status ${status} without a problem document`;
  }
  return /\n\s+at \S+ \(|node_modules|file:\/\//.test(status >= 400 ? body.join('') : '') ? 'a stack trace' : undefined;
}

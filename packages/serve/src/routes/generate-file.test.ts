import { expect, test } from 'vitest';
import { tinyServer } from '../testing/tiny-server.ts';

const server = await tinyServer();

test.each([
  ['/generate/luna.png', '/generate?seed=luna'],
  ['/generate/luna.webp?size=100', '/generate?seed=luna&format=webp&size=100'],
  ['/generate/luna.jpg', '/generate?seed=luna&format=jpeg'],
  ['/generate/luna.jpeg', '/generate?seed=luna&format=jpeg'],
  ['/generate/luna.avif', '/generate?seed=luna&format=avif'],
  ['/generate/luna.json?truncation=0.5', '/generate.json?seed=luna&truncation=0.5'],
  ['/generate/42.png', '/generate?seed=42'],
  ['/generate/St.%20Bernard%20%F0%9F%90%95.png', '/generate?seed=St.%20Bernard%20%F0%9F%90%95'],
  ['/generate/100%25.png', '/generate?seed=100%25'],
  ['/generate/a+b&c=d%26e%2Bf.g.png', '/generate?seed=a%2Bb%26c%3Dd%26e%2Bf.g'],
])('%s answers as %s does', async (path, query) => {
  const [byPath, byQuery] = [await server.get(path), await server.get(query)];
  expect(byPath.status).toBe(200);
  for (const name of ['Content-Type', 'ETag', 'Content-Location', 'Cache-Control', 'Content-Disposition']) {
    expect(byPath.headers.get(name), name).toBe(byQuery.headers.get(name));
  }
  expect(Buffer.from(await byPath.arrayBuffer())).toEqual(Buffer.from(await byQuery.arrayBuffer()));
});

test('a current ETag is answered 304, without a dog', async () => {
  const { headers } = await server.get('/generate/rex.png', { method: 'HEAD' });
  const before = server.made.pictures;
  const again = await server.get('/generate/rex.png', { headers: { 'If-None-Match': headers.get('ETag')! } });
  expect([again.status, server.made.pictures]).toEqual([304, before]);
});

test.each([
  ['/generate/luna.png?size=1', 400, 'size "1" is invalid'],
  ['/generate/luna.png?seed=rex', 400, 'seed is given more than once'],
  ['/generate/luna.png?format=webp', 400, 'format is given more than once'],
  ['/generate/luna.gif', 404, 'Nothing found'],
  ['/generate/.png', 404, 'Nothing found'],
  ['/generate/luna.constructor', 404, 'Nothing found'],
  ['/generate/%E0%A4%A.png', 400, 'seed cannot be decoded'],
  ['/generate/%FF.json', 400, 'seed cannot be decoded'],
  [`/generate/${'x'.repeat(65)}.png`, 400, 'has 65 characters'],
])('%s is refused with %i', async (path, status, detail) => {
  const response = await server.get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(((await response.json()) as { detail: string }).detail).toContain(detail);
});

// GET /avatar/luna.png: always the same dog for a name. With `npm install onnxruntime-node` it is several times faster.
import { serve } from '@hono/node-server';
import { GeneratorError, loadGenerator } from '@latent-dogs/client';
import { encode } from 'fast-png';
import { Hono } from 'hono';

const dogs = await loadGenerator('models/dogs-64');
const app = new Hono();

app.get('/avatar/:name{.+\\.png}', async (context) => {
  const name = context.req.param('name').slice(0, -'.png'.length);
  const png = encode(await dogs.generate(name, { psi: 0.8 }));
  return context.body(png, 200, { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=86400' });
});
app.onError((error, context) => {
  if (error instanceof GeneratorError && error.code === 'invalid-input') return context.text(error.message, 400);
  throw error;
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) =>
  console.log(`http://localhost:${port}/avatar/luna.png`),
);

// GET /avatar/luna.png: always the same dog for a name. With `npm install onnxruntime-node` it is several times faster.
import { GeneratorError, loadGenerator } from '@latent-dogs/client';
import express from 'express';
import { encode } from 'fast-png';

const dogs = await loadGenerator('models/dogs-64');
const app = express();

app.get('/avatar/:name.png', async (request, response) => {
  try {
    const png = encode(await dogs.generate(request.params.name, { psi: 0.8 }));
    response.type('png').set('Cache-Control', 'public, max-age=86400').send(Buffer.from(png));
  } catch (error) {
    if (!(error instanceof GeneratorError && error.code === 'invalid-input')) throw error;
    response.status(400).type('text').send(error.message);
  }
});

const server = app.listen(process.env.PORT ?? 3000, () =>
  console.log(`http://localhost:${server.address().port}/avatar/luna.png`),
);

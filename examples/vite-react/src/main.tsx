import '@latent-dogs/client/elements';
import { createRoot } from 'react-dom/client';
import { Dial } from './dial';

const MODEL = '/models/dogs-64/';

createRoot(document.getElementById('root')!).render(
  <main>
    <h1>Dogs</h1>
    <latent-dog seed="luna" model={MODEL} />
    <latent-morph from="anna" to="ben" model={MODEL} />
    <Dial seed="luna" model={MODEL} />
  </main>,
);

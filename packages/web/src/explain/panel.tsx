/** @module How it works: one dog from noise to picture, layer by layer, and the training behind it. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { maker, manifest, model } from '../engine/engine.ts';
import type { Activation } from '../engine/protocol.ts';
import { language, messages } from '../messages/messages.ts';
import { openPage } from '../state/page-state.ts';
import { dogLatent } from '../state/picture-latent.ts';
import { attract, dogs } from '../state/stage-state.ts';
import { SeedCanvas } from '../ui/seed-canvas.tsx';
import { ChannelPictures, LIVELIEST } from './channel-pictures.tsx';
import { Facts } from './facts.tsx';
import { NoisePicture } from './noise-picture.tsx';
import { Timelapse } from './timelapse.tsx';

/** The dog whose layers are shown. */
const seed = signal('luna');

const randomName = () => String(crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000);

function Layer({ layer, number, last }: { layer: Activation; number: number; last: boolean }) {
  const text = messages.value;
  const { channels } = layer;
  const inOrder = [text.explainFirst, text.explainSecond];
  const say = last ? text.explainLast : (inOrder[number - 1] ?? text.explainMiddle);
  return (
    <section class="step">
      <div>
        <h3>{text.explainLayer(number, layer.width)}</h3>
        <p>{say(channels)}</p>
      </div>
      <figure>
        <ChannelPictures layer={layer} />
        {channels > LIVELIEST && <figcaption>{text.explainShown(LIVELIEST, channels)}</figcaption>}
      </figure>
    </section>
  );
}

export function Panel() {
  const text = messages.value;
  const entry = model.value;
  const layers = useSignal<Activation[] | 'failed'>([]);
  useEffect(() => {
    if (!attract.peek() && dogs.peek().length > 0) seed.value = dogs.peek()[0]!;
  }, []);
  const label = seed.value;
  useEffect(() => {
    if (!entry) return;
    let current = true;
    maker.explain(dogLatent(label, entry.latentSize)).then(
      (found) => {
        if (current) layers.value = found;
      },
      () => {
        if (current) layers.value = 'failed';
      },
    );
    return () => {
      current = false;
    };
  }, [label, entry]);
  if (!entry) return null;
  const found = layers.value === 'failed' ? [] : layers.value;
  return (
    <article class="explain" lang={language.value}>
      <header>
        <h2>{text.howItWorks}</h2>
        <p class="lead">{text.explainLead}</p>
        <p class="chosen">
          <span>{text.dog(label)}</span>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              seed.value = randomName();
            }}
          >
            {text.explainAnother}
          </button>
        </p>
      </header>
      <section class="step">
        <div>
          <h3>{text.explainNoise}</h3>
          <p>{text.explainNoiseText(entry.latentSize)}</p>
        </div>
        <figure>
          <NoisePicture z={dogLatent(label, entry.latentSize)} />
        </figure>
      </section>
      {layers.value === 'failed' && <p class="hint">{text.explainFailed}</p>}
      {found.map((layer, i) => (
        <Layer key={i} layer={layer} number={i + 1} last={i === found.length - 1} />
      ))}
      <section class="step">
        <div>
          <h3>{text.explainPicture}</h3>
          <p>{text.explainPictureText(entry.size)}</p>
        </div>
        <figure class="final">
          <SeedCanvas label={label} side={256} />
        </figure>
      </section>
      {manifest.value && <Timelapse entry={entry} manifest={manifest.value} />}
      {manifest.value && <Facts entry={entry} manifest={manifest.value} />}
      <button type="button" class="strong" onClick={() => openPage('gallery')}>
        {text.backToGallery}
      </button>
    </article>
  );
}

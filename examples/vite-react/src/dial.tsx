import { type Generator, loadGenerator } from '@latent-dogs/client';
import { useEffect, useRef, useState } from 'react';

/** A dog, and a slider that moves it along the strongest direction of the model. */
export function Dial({ seed, model }: { seed: string; model: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [dogs, setDogs] = useState<Generator>();
  const [distance, setDistance] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const loading = loadGenerator(model, { signal: stop.signal });
    loading.then(setDogs, (error) => stop.signal.aborted || console.error(error));
    return () => {
      stop.abort();
      loading.then(
        (loaded) => loaded.dispose(),
        () => {},
      );
    };
  }, [model]);

  useEffect(() => {
    const stop = new AbortController();
    dogs
      ?.dial(seed, 0)(distance, { signal: stop.signal })
      .then(
        (picture) => canvas.current?.getContext('2d')?.putImageData(picture as ImageData, 0, 0),
        (error) => stop.signal.aborted || console.error(error),
      );
    return () => stop.abort();
  }, [dogs, seed, distance]);

  const size = dogs?.model.size ?? 64;
  return (
    <label>
      <canvas ref={canvas} width={size} height={size} role="img" aria-label={`A generated dog, ${seed}`} />
      <input
        type="range"
        min={-3}
        max={3}
        step={0.1}
        value={distance}
        onChange={(event) => setDistance(event.target.valueAsNumber)}
      />
    </label>
  );
}

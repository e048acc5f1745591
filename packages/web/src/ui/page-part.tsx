/** @module A part of the page whose script is loaded when it is opened. */
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { ReloadButton } from './reload-button.tsx';

/** @param load imports the part */
export function PagePart({ load }: { load: () => Promise<ComponentType> }) {
  const part = useSignal<{ Part: ComponentType } | 'missing' | null>(null);
  useEffect(() => {
    load().then(
      (Part) => {
        part.value = { Part };
      },
      () => {
        part.value = 'missing';
      },
    );
  }, []);
  if (part.value === null) return null;
  if (part.value === 'missing') return <MissingPart />;
  const { Part } = part.value;
  return <Part />;
}

function MissingPart() {
  const text = messages.value;
  return (
    <section class="stage failure" role="alert">
      <h2>{text.failureTitle.script}</h2>
      <p>{text.failureHelp.script}</p>
      <ReloadButton />
    </section>
  );
}

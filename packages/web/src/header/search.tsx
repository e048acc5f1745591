/** @module Finds a dog by name or number, and shows it while the visitor types. */
import { parseSeed } from '@latent-dogs/latent';
import { useSignal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { openPage } from '../state/page-state.ts';
import { pickDog } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

/** The typed text as a seed, without outer spaces; null if it is empty. */
function seedOf(typed: string): string | null {
  const text = typed.trim().normalize('NFC');
  try {
    parseSeed(text);
    return text;
  } catch {
    return null;
  }
}

export function Search() {
  const typed = useSignal('');
  const text = messages.value;
  const seed = seedOf(typed.value);
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (seed === null) return;
          pickDog(seed);
          openPage('gallery');
          typed.value = '';
        }}
      >
        <span class="preview">{seed === null ? <Icon name="search" /> : <SeedCanvas label={seed} side={36} />}</span>
        <input
          type="text"
          name="dog"
          maxLength={64}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="go"
          value={typed.value}
          placeholder={text.searchPlaceholder}
          aria-label={text.search}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <button type="submit" disabled={seed === null}>
          {text.searchButton}
        </button>
      </form>
    </search>
  );
}

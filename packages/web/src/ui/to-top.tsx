/** @module A way up from deep in the grid, which has no end. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { likesMotion } from '../state/stage-state.ts';
import { Icon } from './icons.tsx';

export function ToTop() {
  const deep = useSignal(false);
  useEffect(() => {
    const look = () => {
      deep.value = scrollY > 2 * innerHeight;
    };
    look();
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  if (!deep.value) return null;
  return (
    <button
      type="button"
      class="to-top"
      aria-label={messages.value.toTop}
      onClick={() => {
        scrollTo({ top: 0, behavior: likesMotion() ? 'smooth' : 'instant' });
        document.querySelector<HTMLElement>('.top a')?.focus({ preventScroll: true });
      }}
    >
      <Icon name="up" />
    </button>
  );
}

/** @module On small screens: a small copy of the stage, shown while the stage is out of view. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { failure } from '../engine/engine.ts';
import { messages } from '../messages/messages.ts';
import { attract, dogs, likesMotion } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { StageCanvas } from './stage-canvas.tsx';

export function Tray() {
  const away = useSignal(false);
  const failed = failure.value !== null;
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      away.value = !entry!.isIntersecting;
    });
    observer.observe(document.getElementById('stage')!);
    return () => observer.disconnect();
  }, [failed]);
  if (!away.value || attract.value || dogs.value.length === 0) return null;
  return (
    <button
      type="button"
      class="tray"
      onClick={() => scrollTo({ top: 0, behavior: likesMotion() ? 'smooth' : 'instant' })}
    >
      <StageCanvas />
      <span>{dogs.value.join(' · ')}</span>
      <Icon name="up" />
      <span class="hidden">{messages.value.stage}</span>
    </button>
  );
}

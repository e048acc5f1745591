/** @module Whether the window is wider than a phone. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const QUERY = '(min-width: 600px)';

export function useWide(): boolean {
  const wide = useSignal(matchMedia(QUERY).matches);
  useEffect(() => {
    const list = matchMedia(QUERY);
    const update = () => {
      wide.value = list.matches;
    };
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, []);
  return wide.value;
}

/** @module For lists of which only the rows near the window are in the document. */
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Keeps `width` at the width of `element`, CSS pixels, and calls `look` whenever other rows may have come near the window:
 * after a scroll, and when the element or the window changes its size.
 */
export function useNearWindow(element: RefObject<HTMLElement | null>, width: Signal<number>, look: () => void): void {
  useLayoutEffect(() => {
    const list = element.current!;
    const observer = new ResizeObserver(() => {
      width.value = list.clientWidth;
      look();
    });
    observer.observe(list);
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      observer.disconnect();
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);
}

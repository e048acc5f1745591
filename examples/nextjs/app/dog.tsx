'use client';

// On the server this does nothing, and the element is sent as it is; the browser fills it.
import '@latent-dogs/client/elements';
import { createElement } from 'react';

export function Dog(attributes: { seed: string; model: string; psi?: number }) {
  // The element sets its own attributes `role` and `aria-label`, maybe before React compares.
  return createElement('latent-dog', { ...attributes, suppressHydrationWarning: true });
}

import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type Properties<Own> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & Own;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'latent-dog': Properties<{ seed: string; model: string; psi?: number }>;
      'latent-morph': Properties<{ from: string; to: string; model: string; psi?: number; t?: number; loop?: boolean }>;
    }
  }
}

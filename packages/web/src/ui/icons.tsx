/** @module The page's few icons, drawn on a 24x24 grid. */
const PATHS = {
  heart: 'M12 20.5S3.5 15.4 3.5 9.2A4.7 4.7 0 0 1 12 6.6a4.7 4.7 0 0 1 8.5 2.6c0 6.2-8.5 11.3-8.5 11.3Z',
  play: 'M7.5 4.8v14.4L19.5 12Z',
  pause: 'M7 5h3.6v14H7zM13.4 5H17v14h-3.6z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  save: 'M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 19.5h14',
  shuffle:
    'M4 7h3.5c4 0 5 10 9 10H20m0 0-3-3m3 3-3 3M4 17h3.5c1.5 0 2.6-1.5 3.5-3.2M20 7h-3.5c-1.5 0-2.6 1.5-3.5 3.2M20 7l-3-3m3 3-3 3',
  close: 'M6.5 6.5l11 11m0-11-11 11',
  share: 'M12 15V3.8m0 0L8 7.8m4-4 4 4M6.5 11H5v9.5h14V11h-1.5',
  forward: 'M5 12h14m0 0-6-6m6 6-6 6',
  paw: 'M12 12c2.6 0 5 2.7 5 5.2 0 2-1.6 2.6-2.7 2.6-.9 0-1.5-.4-2.3-.4s-1.4.4-2.3.4C8.6 19.8 7 19.2 7 17.2 7 14.7 9.4 12 12 12ZM6.2 9.6a1.7 2.2 0 1 0 .01 0M17.8 9.6a1.7 2.2 0 1 0 .01 0M9.6 5a1.7 2.3 0 1 0 .01 0M14.4 5a1.7 2.3 0 1 0 .01 0',
  up: 'M12 19V5.5m0 0L6 11.5m6-6 6 6',
} as const;

const FILLED: ReadonlySet<string> = new Set(['play', 'pause']);

export function Icon({ name, filled = FILLED.has(name) }: { name: keyof typeof PATHS; filled?: boolean }) {
  return (
    <svg class={filled ? 'icon filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

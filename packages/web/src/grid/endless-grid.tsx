/** @module An endless grid of dogs by number. Only the rows near the window are in the document. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { openingSeeds } from '../opening/opening.ts';
import { firstSeed, wantedTop } from '../state/place.ts';
import { useNearWindow } from '../ui/near-window.ts';
import { wide } from '../ui/wide.ts';
import { layoutFor, rowsClaimed, rowsInWindow, stepFor } from './grid-layout.ts';
import { seedAt } from './grid-order.ts';
import { Tile } from './tile.tsx';

const SPARE_ROWS = 3;

export function EndlessGrid() {
  const element = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const rows = useSignal({ first: 0, last: 0, claimed: 0, firstSeen: 0, lastSeen: 0 });
  /** The dog that arrow keys start from. */
  const active = useSignal(0);
  const layout = layoutFor(width.value);

  const look = () => {
    const grid = element.current;
    if (!grid || width.peek() === 0) return;
    const current = layoutFor(width.peek());
    const top = grid.getBoundingClientRect().top;
    const wanted = wantedTop.peek();
    // Tall enough to scroll to where the visitor was.
    const lastWanted = wanted === null ? 0 : Math.ceil((wanted + innerHeight) / current.rowHeight);
    const { first, last } = rowsInWindow(current, top, innerHeight, SPARE_ROWS);
    const seen = rowsInWindow(current, top, innerHeight, 0);
    const before = rows.peek();
    const claimed = rowsClaimed(current, Math.max(last, lastWanted), before.claimed);
    const next = { first, last: Math.min(last, claimed - 1), claimed, firstSeen: seen.first, lastSeen: seen.last };
    if (Object.entries(next).some(([name, value]) => before[name as keyof typeof before] !== value)) rows.value = next;
  };

  useNearWindow(element, width, look);

  const wanted = wantedTop.value;
  const tall = rows.value.claimed > 0;
  useLayoutEffect(() => {
    if (wanted === null || !tall) return;
    scrollTo({ top: wanted, behavior: 'instant' });
    wantedTop.value = null;
    look();
  }, [wanted, tall]);

  const from = firstSeed.value;
  useEffect(() => {
    active.value = 0;
  }, [from]);

  const { first, last, claimed, firstSeen, lastSeen } = rows.value;
  const activeRow = Math.floor(active.value / layout.columns);
  const shown = Array.from({ length: width.value === 0 ? 0 : last - first + 1 }, (_, i) => first + i);
  // The focused dog must stay in the document when it scrolls out of the window.
  if (shown.length > 0 && !shown.includes(activeRow)) shown.push(activeRow);

  const focus = (index: number) => {
    active.value = index;
    const row = Math.floor(index / layout.columns);
    const top = element.current!.getBoundingClientRect().top + row * layout.rowHeight;
    const margin = layout.rowHeight / 2;
    // The compact stage of a small window covers its top.
    const covered = wide.value ? 0 : document.querySelector('.card')!.getBoundingClientRect().bottom;
    const highest = covered + margin;
    if (top < highest) scrollBy({ top: top - highest });
    else if (top + layout.tile > innerHeight - margin) scrollBy({ top: top + layout.tile - innerHeight + margin });
    requestAnimationFrame(() =>
      element.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    );
  };

  return (
    <>
      <p id="grid-help" class="hidden">
        {messages.value.gridHelp}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot leave its rows out */}
      <div
        ref={element}
        class="grid"
        role="grid"
        aria-label={messages.value.gridLabel}
        aria-describedby="grid-help"
        aria-rowcount={-1}
        aria-colcount={layout.columns}
        style={{ height: `${claimed * layout.rowHeight}px` }}
        onFocusIn={(event) => {
          const index = (event.target as HTMLElement).dataset.index;
          if (index !== undefined) active.value = Number(index);
        }}
        onKeyDown={(event) => {
          const rowsAPage = Math.max(1, Math.floor(innerHeight / layout.rowHeight) - 1);
          const next = stepFor(event.key, active.value, layout.columns, rowsAPage);
          if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          focus(next);
        }}
      >
        {shown.map((row) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: the dogs take the focus
          <div
            key={row}
            class="row"
            role="row"
            aria-rowindex={row + 1}
            style={{ transform: `translateY(${row * layout.rowHeight}px)`, height: `${layout.tile}px` }}
          >
            {Array.from({ length: layout.columns }, (_, column) => {
              const index = row * layout.columns + column;
              const label = String(seedAt(from, index, openingSeeds.value));
              return (
                <Tile
                  key={label}
                  label={label}
                  index={index}
                  side={layout.tile}
                  entry={index === active.value}
                  visible={row >= firstSeen && row <= lastSeen}
                />
              );
            })}
          </div>
        ))}
      </div>
    </>
  );
}

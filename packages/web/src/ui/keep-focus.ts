/**
 * @module Keeps the focus near what had it when that is removed, hidden or disabled. Browsers put it at the start of the
 * document then, and whoever uses the keyboard or a screen reader is lost.
 */
const FOCUSABLE = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"]):not(:disabled)';

/** Parts of the page with a name, which is read to the visitor. They have the focus in place of what is not there yet. */
const PART = 'main, section[aria-label]';

const canHave = (element: Element) => element.isConnected && element.checkVisibility() && !element.matches(':disabled');

/** What takes the focus in a subtree: itself if it is a part of the page, else the first element that can have it. */
function targetIn(node: Node): HTMLElement | undefined {
  if (!(node instanceof HTMLElement)) return;
  if (node.matches(`${PART}, ${FOCUSABLE}`) && canHave(node)) return node;
  return Array.from(node.querySelectorAll<HTMLElement>(FOCUSABLE)).find(canHave);
}

function* from(node: Node | null, direction: 'nextSibling' | 'previousSibling') {
  for (let at = node; at; at = at[direction]) yield at;
}

/** What is to have the focus of a removed subtree: first what replaces it, then what follows it, is before it, or around it. */
function nearest(
  place: Pick<MutationRecord, 'target' | 'previousSibling' | 'nextSibling'>,
  added: Iterable<Node> = [],
) {
  const { target, previousSibling, nextSibling } = place;
  for (const node of [...added, ...from(nextSibling, 'nextSibling'), ...from(previousSibling, 'previousSibling')]) {
    const found = targetIn(node);
    if (found) return found;
  }
  if (!target.parentNode) return;
  if (target instanceof HTMLElement && target.matches(PART)) return target;
  return nearest(placeOf(target));
}

const placeOf = (node: Node) => ({
  target: node.parentNode!,
  previousSibling: node.previousSibling,
  nextSibling: node.nextSibling,
});

/** A part of the page can have the focus only while it does: a press on it is not to move the focus there. */
function focus(element: HTMLElement): void {
  const lent = element.matches(PART) && !element.hasAttribute('tabindex');
  if (lent) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus({ preventScroll: true });
}

export function keepFocus(): void {
  let focused: Element | null = null;
  addEventListener('focusin', ({ target }) => {
    focused = target as Element;
  });
  // Whoever presses beside everything means to leave it.
  addEventListener('pointerdown', ({ target }) => {
    if (!(target as Element).closest(FOCUSABLE)) focused = null;
  });
  new MutationObserver((changes) => {
    const had = focused;
    const active = document.activeElement;
    if (!had || canHave(had) || (active !== had && active !== document.body)) return;
    focused = null;
    let removal: MutationRecord | undefined;
    do {
      const lost: Node = removal?.target ?? had;
      removal = changes.find(({ removedNodes }) => Array.from(removedNodes).some((node) => node.contains(lost)));
    } while (removal && !removal.target.isConnected);
    const added = changes.filter(({ target }) => target === removal?.target).flatMap((one) => [...one.addedNodes]);
    const target = nearest(removal ?? placeOf(had), added);
    if (target) focus(target);
  }).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'open', 'hidden'],
  });
}

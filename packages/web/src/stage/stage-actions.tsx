/** @module The actions for the dog on the stage: favourite, link, save. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { model } from '../engine/engine.ts';
import { stageIsFavourite, toggleFavourite } from '../favourites/favourites.ts';
import { messages } from '../messages/messages.ts';
import { type SaveKind, saveStage } from '../share/save-stage.ts';
import { sendAddress } from '../share/send-address.ts';
import { notify } from '../state/notice.ts';
import { shareAddress } from '../state/page-state.ts';
import { encodePicture } from '../state/picture-link.ts';
import { roundThousandth } from '../state/picture-state.ts';
import { dogs, picture, playing, position, view } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';

/** Stops the walk, so that what is kept or shared is what the visitor sees. */
function hold(): void {
  playing.value = false;
  position.value = roundThousandth(position.value);
}

async function copyLink(): Promise<void> {
  hold();
  history.replaceState(null, '', shareAddress());
  try {
    await navigator.clipboard.writeText(sendAddress());
    notify(model.value?.local ? messages.value.linkPrivate : messages.value.linkCopied);
  } catch {
    notify(messages.value.linkShown);
  }
}

/** Closes a menu on Escape, and on a press anywhere else. */
function useClosing(menu: { current: HTMLDetailsElement | null }): void {
  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      if (menu.current?.open && !menu.current.contains(target as Node)) menu.current.open = false;
    };
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !menu.current?.open) return;
      menu.current.open = false;
      menu.current.querySelector('summary')!.focus();
    };
    addEventListener('pointerdown', onPress);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('pointerdown', onPress);
      removeEventListener('keydown', onKey);
    };
  }, []);
}

export function StageActions() {
  const text = messages.value;
  /** Progress of a recording, 0 to 1; null if there is none. */
  const progress = useSignal<number | null>(null);
  const recording = useSignal<AbortController | null>(null);
  const menu = useRef<HTMLDetailsElement>(null);
  useClosing(menu);
  if (dogs.value.length === 0) return null;
  const kept = stageIsFavourite.value;
  const isWalk = view.value === 'walk' && dogs.value.length > 1;

  const save = async (kind: SaveKind) => {
    menu.current!.open = false;
    const cancel = new AbortController();
    recording.value = cancel;
    try {
      const file = await saveStage(kind, cancel.signal, (share) => {
        progress.value = share;
      });
      notify(messages.value.saved(file));
    } catch (error) {
      if (!cancel.signal.aborted) notify(error instanceof Error ? error.message : String(error));
    }
    recording.value = null;
    progress.value = null;
  };

  if (progress.value !== null) {
    const percent = Math.round(progress.value * 100);
    return (
      <div class="actions">
        <progress value={progress.value} aria-label={text.saving(percent)} />
        <button type="button" class="quiet" onClick={() => recording.value?.abort()}>
          {text.cancel}
        </button>
      </div>
    );
  }
  return (
    <div class="actions">
      <button
        type="button"
        class={kept ? 'action kept' : 'action'}
        aria-pressed={kept}
        onClick={() => {
          hold();
          toggleFavourite(encodePicture(picture.value));
        }}
      >
        <Icon name="heart" filled={kept} />
        <span>{text.favourite}</span>
      </button>
      <button type="button" class="action" onClick={() => void copyLink()}>
        <Icon name="link" />
        <span>{text.copyLink}</span>
      </button>
      <details class="menu" ref={menu}>
        <summary class="action" aria-label={text.saveMenu}>
          <Icon name="save" />
          <span>{text.save}</span>
        </summary>
        <div class="menu-items">
          {(['png', 'video', 'gif'] as const).map((kind) => (
            <button key={kind} type="button" disabled={kind !== 'png' && !isWalk} onClick={() => void save(kind)}>
              {kind === 'png' ? text.savePng : kind === 'video' ? text.saveVideo : text.saveGif}
            </button>
          ))}
          {!isWalk && <p>{text.needTwo}</p>}
        </div>
      </details>
    </div>
  );
}

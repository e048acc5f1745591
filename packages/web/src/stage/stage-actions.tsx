/** @module The actions for what is on the stage: send, favourite, save. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { model } from '../engine/engine.ts';
import { stageIsFavourite, toggleFavourite } from '../favourites/favourites.ts';
import { messages } from '../messages/messages.ts';
import { offerDownload } from '../share/offer-download.ts';
import { makeFile, type SaveKind } from '../share/save-stage.ts';
import { canSend, canSendFile, send } from '../share/send.ts';
import { sendAddress } from '../share/send-address.ts';
import { namesOf } from '../state/names.ts';
import { notify } from '../state/notice.ts';
import { shareAddress } from '../state/page-state.ts';
import { encodePicture } from '../state/picture-link.ts';
import { dogs, hold, picture, playing, view } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';

async function copyLink(): Promise<void> {
  const text = messages.value;
  try {
    await navigator.clipboard.writeText(sendAddress());
    const said = playing.value ? text.linkCopiedPlaying : text.linkCopied;
    notify(model.value?.local ? text.linkPrivate : said);
  } catch {
    history.replaceState(history.state, '', shareAddress());
    notify(text.linkShown);
  }
}

async function sendLink(): Promise<void> {
  try {
    await send({ title: namesOf(dogs.value, view.value), url: sendAddress() });
  } catch {
    await copyLink();
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

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

interface Recording {
  /** 0 to 1. */
  share: number;
  bytes: number;
  cancel: () => void;
}

export function StageActions() {
  const text = messages.value;
  const recording = useSignal<Recording | null>(null);
  /** A file that waits for a press: browsers open their share sheet only then. */
  const ready = useSignal<File | null>(null);
  const menu = useRef<HTMLDetailsElement>(null);
  useClosing(menu);
  const kept = stageIsFavourite.value;
  const none = dogs.value.length === 0;
  const moves = dogs.value.length > 1;
  // The link to a model that only this device has is of no use to others.
  const sends = canSend() && !model.value?.local;

  const download = (file: File) => {
    offerDownload(file.name, file);
    notify(messages.value.saved(file.name, megabytes(file.size)));
  };

  const save = async (kind: SaveKind) => {
    menu.current!.open = false;
    const aborting = new AbortController();
    const cancel = () => aborting.abort();
    try {
      const file = await makeFile(kind, aborting.signal, (share, bytes) => {
        recording.value = { share, bytes, cancel };
      });
      if (canSendFile(file)) ready.value = file;
      else download(file);
    } catch (error) {
      if (!aborting.signal.aborted) notify(error instanceof Error ? error.message : String(error));
    }
    recording.value = null;
  };

  if (recording.value) {
    const { share, bytes, cancel } = recording.value;
    const said = text.saving(Math.round(share * 100), megabytes(bytes));
    return (
      <div class="actions">
        <progress value={share} aria-label={text.savingLabel} />
        <span class="said">{said}</span>
        <button type="button" class="quiet" onClick={cancel}>
          {text.cancel}
        </button>
      </div>
    );
  }
  if (ready.value) {
    const file = ready.value;
    const close = () => {
      ready.value = null;
    };
    return (
      <div class="actions">
        <button
          type="button"
          class="strong"
          onClick={() => void send({ files: [file], text: sendAddress() }).then(close, () => download(file))}
        >
          {text.sendFile(megabytes(file.size))}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            download(file);
            close();
          }}
        >
          {text.save}
        </button>
        <button type="button" class="action" aria-label={text.close} onClick={close}>
          <Icon name="close" />
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
        disabled={none}
        onClick={() => {
          hold();
          toggleFavourite(encodePicture(picture.value));
        }}
      >
        <Icon name="heart" filled={kept} />
        <span>{text.favourite}</span>
      </button>
      <button type="button" class="action" disabled={none} onClick={() => void (sends ? sendLink() : copyLink())}>
        <Icon name={sends ? 'share' : 'link'} />
        <span>{sends ? text.share : text.copyLink}</span>
      </button>
      <details class="menu" ref={menu}>
        <summary class="action" aria-label={text.saveMenu}>
          <Icon name="save" />
          <span>{text.save}</span>
        </summary>
        <div class="menu-items">
          {sends && (
            <button
              type="button"
              disabled={none}
              onClick={() => {
                menu.current!.open = false;
                void copyLink();
              }}
            >
              {text.copyLink}
            </button>
          )}
          {(['png', 'video', 'gif'] as const).map((kind) => (
            <button key={kind} type="button" disabled={kind === 'png' ? none : !moves} onClick={() => void save(kind)}>
              {kind === 'png' ? text.savePng : kind === 'video' ? text.saveVideo : text.saveGif}
            </button>
          ))}
          {!moves && <p>{text.needTwo}</p>}
        </div>
      </details>
    </div>
  );
}

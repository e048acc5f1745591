/** @module The way out when a part of the page did not arrive: browsers ask for it again only after a reload. */
import { messages } from '../messages/messages.ts';

export function ReloadButton() {
  return (
    <button type="button" class="strong" onClick={() => location.reload()}>
      {messages.value.reload}
    </button>
  );
}

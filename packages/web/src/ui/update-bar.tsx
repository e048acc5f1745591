/** @module Says that the site has a new version, and changes to it on request. */
import { messages } from '../messages/messages.ts';
import { newVersion, useNewVersion } from '../state/offline.ts';

export function UpdateBar() {
  const text = messages.value;
  if (newVersion.value === null) return null;
  return (
    <div class="update" role="status">
      <p>{text.newVersion}</p>
      <button type="button" class="strong" onClick={useNewVersion}>
        {text.reload}
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          newVersion.value = null;
        }}
      >
        {text.later}
      </button>
    </div>
  );
}

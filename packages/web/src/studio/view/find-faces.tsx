/** @module The switch that chooses what a photo's first square is. */
import { studioMessages } from '../messages/messages.ts';
import { findFaces, setFindFaces } from '../state/photos.ts';

export function FindFaces() {
  const text = studioMessages.value;
  return (
    <label class="find-faces">
      <input
        type="checkbox"
        checked={findFaces.value}
        onChange={(event) => setFindFaces(event.currentTarget.checked)}
      />
      <span>
        <b>{text.findFaces}</b>
        <small>{text.findFacesHint}</small>
      </span>
    </label>
  );
}

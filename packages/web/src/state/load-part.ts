/** @module Loads a part of the page's scripts for an action of the visitor. */
import { messages } from '../messages/messages.ts';

/** @throws Error with a message for the visitor if the script does not arrive, as after an update of the site */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch {
    const { failureTitle, failureHelp } = messages.peek();
    throw new Error(`${failureTitle.script}. ${failureHelp.script}`);
  }
}

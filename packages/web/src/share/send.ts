/** @module Sends a link or a file through the device's own share sheet, where the browser has one. */

export const canSend = (): boolean => typeof navigator.share === 'function';

export const canSendFile = (file: File): boolean => canSend() && navigator.canShare?.({ files: [file] }) === true;

/** Must be called by a press, which browsers ask for. @returns whether it was sent, and not put off */
export async function send(what: ShareData): Promise<boolean> {
  try {
    await navigator.share(what);
    return true;
  } catch (error) {
    if ((error as Error).name === 'AbortError') return false;
    throw error;
  }
}

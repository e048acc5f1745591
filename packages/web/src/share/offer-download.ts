/** @module Offers a file to the visitor as a download. */

/** Safari reads the address some time after the click. */
const MILLISECONDS_KEPT = 60_000;

export function offerDownload(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), MILLISECONDS_KEPT);
}

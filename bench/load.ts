/** @module Requests to a server from several clients at once. */

export interface Load {
  seconds: number;
  /** Time of each request. */
  milliseconds: number[];
  /** Of all bodies. */
  bytes: number;
}

/** @param path of the next request @throws Error if a request fails */
export async function requestDogs(url: string, path: () => string, requests: number, clients: number): Promise<Load> {
  const milliseconds: number[] = [];
  let bytes = 0;
  let sent = 0;
  const started = performance.now();
  const client = async () => {
    while (sent < requests) {
      sent++;
      const begun = performance.now();
      const response = await fetch(`${url}${path()}`);
      const body = await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}`);
      milliseconds.push(performance.now() - begun);
      bytes += body.byteLength;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { seconds: (performance.now() - started) / 1000, milliseconds, bytes };
}

/** @module An idle Worker, to measure workerd's own start-up. */

export default { fetch: () => new Response('nothing') };

/** @module A Worker that reports whether V8 frees old objects while young ones are allocated. */

const SMALL = 100;

/** Allocates about `bytes` bytes of garbage. */
function churn(bytes: number): number {
  let sum = 0;
  for (let made = 0; made < bytes; made += 8 * SMALL) sum += new Array<number>(SMALL).fill(made).length;
  return sum;
}

let old: object[] | undefined;
let references: WeakRef<object>[] = [];

export default {
  /** /keep allocates objects and ages them, /drop releases them, /count answers how many V8 has not freed. */
  fetch(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname === '/keep') {
      old = Array.from({ length: 100 }, (_, index) => ({ index }));
      references = old.map((object) => new WeakRef(object));
      churn(200e6);
    } else if (pathname === '/drop') {
      old = undefined;
    } else {
      churn(200e6);
    }
    return Response.json(references.filter((reference) => reference.deref() !== undefined).length);
  },
};

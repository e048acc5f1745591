/** @module A Worker that says whether V8 frees old objects while young ones come and go. */

const SMALL = 100;

/** Allocates about as many bytes, of which nothing is kept. */
function churn(bytes: number): number {
  let sum = 0;
  for (let made = 0; made < bytes; made += 8 * SMALL) sum += new Array<number>(SMALL).fill(made).length;
  return sum;
}

let old: object[] | undefined;
let references: WeakRef<object>[] = [];

export default {
  /** /keep makes objects and lets them grow old, /drop forgets them, /count says how many V8 has left. */
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

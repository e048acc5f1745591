/** A user's mistake. The message names the input, what is legal and what to do; it is shown without a stack trace. */
export class UserError extends Error {
  override name = 'UserError';
}

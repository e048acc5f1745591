/** A mistake of the user's: the message names the input, what is legal and what to do. Shown without a stack trace. */
export class UserError extends Error {
  override name = 'UserError';
}

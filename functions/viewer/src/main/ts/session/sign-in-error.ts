/** The issuer rejected a sign-in; the message is its reason, empty if unknown. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/** What the Proof Key for Code Exchange is made of (RFC 7636). */

/** So many bytes that nobody can guess, as text. */
export function random(bytes) {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** By which the issuer knows the verifier, once it is told. */
export async function challenge(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

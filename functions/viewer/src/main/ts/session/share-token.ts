/**
 * Returns the token of a share link from the fragment of the address, where it stays beside the step: the address can be copied and
 * opened in another tab. Browsers do not send fragments to servers.
 */
export function shareTokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.slice(1)).get('share');
  return token !== null && /^[\w-]{20,100}$/.test(token) ? token : null;
}

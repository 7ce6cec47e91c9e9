/** How to sign in. The API function writes it into the document. */
export interface Config {
  readonly issuer: string;
  readonly client_id: string;
  readonly scope: string;
}

export function readConfig(): Config {
  const element = document.getElementById('config');
  if (!element) {
    throw new Error('The document has no element with the id "config".');
  }
  return JSON.parse(element.textContent) as Config;
}

import { answer, json } from './api.js';

const REVOCATION_MS = 3000;

/** The issuer did not sign the reader in; `reason` is what it says, if anything. */
export class SignInProblem extends Error {
  constructor(reason) {
    super(reason ?? '');
    this.name = 'SignInProblem';
  }
}

/** What signs people in, and this page its client (OpenID Connect Core and Discovery). */
export class Issuer {
  #url;
  #clientId;

  /** @param config `{issuer, client_id}` */
  constructor({ issuer, client_id: clientId }) {
    this.#url = issuer;
    this.#clientId = clientId;
  }

  /** What it tells of itself; a slash at the end of its URL is not doubled (Discovery, section 4). */
  async metadata() {
    const response = await answer(`${this.#url.replace(/\/$/, '')}/.well-known/openid-configuration`, {});
    if (!response.ok) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    }
    return json(response);
  }

  /** Tokens for a grant; throws a SignInProblem where it gives none. */
  async tokens(grant) {
    const { token_endpoint: endpoint } = await this.metadata();
    const response = await answer(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: this.#clientId, ...grant }),
    });
    if (response.status === 429 || response.status >= 500) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    }
    const body = await json(response);
    if (!response.ok) {
      throw new SignInProblem(body.error_description ?? body.error);
    }
    return body;
  }

  /** What the reader is told is that they are signed out here, which they are in any case. */
  async revoke(endpoint, token) {
    try {
      await answer(endpoint, {
        method: 'POST',
        signal: AbortSignal.timeout(REVOCATION_MS),
        body: new URLSearchParams({ client_id: this.#clientId, token, token_type_hint: 'refresh_token' }),
      });
    } catch (error) {
      console.info('the refresh token was not revoked', error);
    }
  }
}

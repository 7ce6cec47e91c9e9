const KEY = 'session';
const FLOW = 'sign-in';
const MARGIN_MS = 60_000;

/**
 * Who is signed in, by OpenID Connect's authorization code flow with PKCE (RFC 7636). Tokens are kept for this tab alone.
 */
export class Session {
  #config;
  #storage;
  #tokens;
  #refreshing = null;

  constructor(config, storage) {
    this.#config = config;
    this.#storage = storage;
    this.#tokens = JSON.parse(storage.getItem(KEY) ?? 'null');
  }

  get isSignedIn() {
    return this.#tokens !== null;
  }

  /** Whether somebody was, in another tab or before; the issuer may still know. */
  get wasSignedIn() {
    return localStorage.getItem('signed-in') === 'yes';
  }

  /** A name to show. */
  get user() {
    return this.#tokens?.user ?? '';
  }

  /** One that works for another minute; throws where nobody is signed in any more. */
  async token() {
    if (this.#tokens && this.#tokens.expiresAt - Date.now() < MARGIN_MS) {
      this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null));
      await this.#refreshing;
    }
    if (!this.#tokens) {
      throw Object.assign(new Error('signed out'), { status: 401 });
    }
    return this.#tokens.token;
  }

  forget() {
    this.#tokens = null;
    this.#storage.removeItem(KEY);
    localStorage.removeItem('signed-in');
  }

  /** Goes to the issuer, which comes back to `/signed-in`. */
  async begin(loginHint) {
    localStorage.removeItem('signed-in'); // so that an issuer that sends nobody back signed in is not asked for ever
    const { authorization_endpoint: endpoint } = await this.#discover();
    const flow = { verifier: random(48), state: random(16), to: here() };
    this.#storage.setItem(FLOW, JSON.stringify(flow));
    const parameters = new URLSearchParams({
      response_type: 'code',
      client_id: this.#config.client_id,
      redirect_uri: redirectUri(),
      scope: this.#config.scope,
      state: flow.state,
      code_challenge: await challenge(flow.verifier),
      code_challenge_method: 'S256',
      ...(loginHint ? { login_hint: loginHint } : {}),
    });
    location.assign(`${endpoint}?${parameters}`);
  }

  /** Takes what the issuer answered; @return where the reader wanted to be */
  async finish(answer) {
    const flow = JSON.parse(this.#storage.getItem(FLOW) ?? 'null');
    this.#storage.removeItem(FLOW);
    if (answer.get('error')) {
      throw new Error(answer.get('error_description') ?? answer.get('error'));
    }
    if (!flow || flow.state !== answer.get('state')) {
      throw new Error('This sign-in was not begun in this tab, or it was used before.');
    }
    await this.#exchange({
      grant_type: 'authorization_code',
      code: answer.get('code') ?? '',
      redirect_uri: redirectUri(),
      code_verifier: flow.verifier,
    });
    return flow.to;
  }

  async #refresh() {
    const refreshToken = this.#tokens.refreshToken;
    if (!refreshToken) {
      this.forget();
      return;
    }
    try {
      await this.#exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    } catch (error) {
      if (error.refused) {
        this.forget();
      }
      throw Object.assign(error, error.refused ? { status: 401 } : {});
    }
  }

  async #exchange(parameters) {
    const { token_endpoint: endpoint } = await this.#discover();
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: this.#config.client_id, ...parameters }),
    });
    const body = await response.json();
    if (!response.ok) {
      throw Object.assign(new Error(body.error_description ?? body.error), { refused: true });
    }
    this.#tokens = {
      token: body.access_token,
      refreshToken: body.refresh_token ?? this.#tokens?.refreshToken,
      expiresAt: Date.now() + body.expires_in * 1000,
      user: userOf(body.id_token ?? body.access_token),
    };
    this.#storage.setItem(KEY, JSON.stringify(this.#tokens));
    localStorage.setItem('signed-in', 'yes');
  }

  async #discover() {
    const response = await fetch(`${this.#config.issuer}/.well-known/openid-configuration`);
    if (!response.ok) {
      throw new Error(`The issuer ${this.#config.issuer} answers ${response.status}.`);
    }
    return response.json();
  }
}

const redirectUri = () => `${location.origin}/signed-in`;

/** Where the reader is, without what only says as whom to sign in. */
function here() {
  const parameters = new URLSearchParams(location.search);
  parameters.delete('login_hint');
  return `${location.pathname}${parameters.size ? `?${parameters}` : ''}${location.hash}`;
}

function random(bytes) {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

async function challenge(verifier) {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** For the reader's eyes alone: who may read what, the service decides. */
function userOf(jwt) {
  try {
    const bytes = Uint8Array.from(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return claims.name ?? claims.email ?? claims.username ?? claims.sub ?? '';
  } catch (opaque) {
    return '';
  }
}

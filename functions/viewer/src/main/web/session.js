import { Issuer, SignInProblem } from './issuer.js';
import { challenge, random } from './pkce.js';

const KEY = 'session';
const FLOW = 'sign-in';
/** Where the reader wanted to be, as long as nobody has let them in. */
const WANTED = 'sign-in-to';
/** Changes when somebody signs out, for other tabs to see. */
export const SIGNED_OUT = 'signed-out';
const MARGIN_MS = 60_000;

/**
 * Who is signed in, by OpenID Connect's authorization code flow with PKCE (RFC 7636). Tokens are kept for this tab alone.
 */
export class Session {
  #config;
  #issuer;
  #storage;
  #tokens;
  #refreshing = null;

  constructor(config, storage) {
    this.#config = config;
    this.#issuer = new Issuer(config);
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

  /** Here and, where it can be told, at the issuer, so that the next one to sign in here is asked who they are. */
  async end() {
    const { refreshToken } = this.#tokens ?? {};
    this.forget();
    localStorage.setItem(SIGNED_OUT, String(Date.now()));
    const { end_session_endpoint: endpoint, revocation_endpoint: revocation } = await this.#issuer.metadata();
    if (refreshToken && revocation) {
      await this.#issuer.revoke(revocation, refreshToken);
    }
    const back = `${location.origin}/`;
    const parameters = { client_id: this.#config.client_id, post_logout_redirect_uri: back, logout_uri: back };
    location.assign(endpoint ? `${endpoint}?${new URLSearchParams(parameters)}` : back);
  }

  /** Goes to the issuer, which comes back to `/signed-in`. */
  async begin(loginHint) {
    localStorage.removeItem('signed-in'); // so that an issuer that sends nobody back signed in is not asked for ever
    const { authorization_endpoint: endpoint } = await this.#issuer.metadata();
    const flow = { verifier: random(48), state: random(16), to: here(this.#storage) };
    this.#storage.setItem(FLOW, JSON.stringify(flow));
    const parameters = new URLSearchParams({
      response_type: 'code',
      client_id: this.#config.client_id,
      redirect_uri: redirectUri(),
      scope: this.#config.scope,
      state: flow.state,
      code_challenge: await challenge(flow.verifier),
      code_challenge_method: 'S256',
      ui_locales: document.documentElement.lang,
      lang: document.documentElement.lang, // as Cognito calls it
      ...(loginHint ? { login_hint: loginHint } : {}),
    });
    location.assign(`${endpoint}?${parameters}`);
  }

  /** Takes what the issuer answered; @return where the reader wanted to be */
  async finish(answered) {
    const flow = JSON.parse(this.#storage.getItem(FLOW) ?? 'null');
    if (!flow || flow.state !== answered.get('state')) {
      throw new SignInProblem(null); // it was not begun in this tab, or was used before
    }
    this.#storage.removeItem(FLOW);
    this.#storage.setItem(WANTED, flow.to);
    history.replaceState(null, '', location.pathname); // a code works once
    if (answered.get('error')) {
      throw new SignInProblem(answered.get('error_description') ?? answered.get('error'));
    }
    await this.#exchange({
      grant_type: 'authorization_code',
      code: answered.get('code') ?? '',
      redirect_uri: redirectUri(),
      code_verifier: flow.verifier,
    });
    this.#storage.removeItem(WANTED);
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
      if (!(error instanceof SignInProblem)) {
        throw error;
      }
      this.forget();
    }
  }

  async #exchange(grant) {
    const body = await this.#issuer.tokens(grant);
    this.#tokens = {
      token: body.access_token,
      refreshToken: body.refresh_token ?? this.#tokens?.refreshToken,
      expiresAt: Date.now() + body.expires_in * 1000,
      user: userOf(body.id_token ?? body.access_token),
    };
    this.#storage.setItem(KEY, JSON.stringify(this.#tokens));
    localStorage.setItem('signed-in', 'yes');
  }
}

const redirectUri = () => `${location.origin}/signed-in`;

/** Where the reader is, without what only says as whom to sign in. */
function here(storage) {
  if (location.pathname === '/signed-in') {
    return storage.getItem(WANTED) ?? '/';
  }
  const parameters = new URLSearchParams(location.search);
  parameters.delete('login_hint');
  return `${location.pathname}${parameters.size ? `?${parameters}` : ''}${location.hash}`;
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

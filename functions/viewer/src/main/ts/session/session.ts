import {
  AuthorizationResponseError, None, ResponseBodyError, allowInsecureRequests, authorizationCodeGrantRequest, calculatePKCECodeChallenge, customFetch,
  discoveryRequest, generateRandomCodeVerifier, generateRandomState, processAuthorizationCodeResponse, processDiscoveryResponse,
  processRefreshTokenResponse, refreshTokenGrantRequest, revocationRequest, validateAuthResponse,
  type AuthorizationServer, type Client, type TokenEndpointResponse,
} from 'oauth4webapi';
import { send } from '../api/http.ts';
import { Problem } from '../api/problem.ts';
import type { Config } from '../config.ts';
import { SignInError } from './sign-in-error.ts';

/** The tokens of this tab, in its session storage. */
const TOKENS = 'session';
/** The sign-in that this tab began. */
const PENDING = 'sign-in';
/** The page to return to, until a sign-in succeeds. */
const RETURN_TO = 'sign-in-to';
/** In local storage: whether a user signed in with this browser, so that a new tab can go to the issuer at once. */
const SIGNED_IN = 'signed-in';
/** In local storage: changes when the user signs out in any tab. */
export const SIGNED_OUT = 'signed-out';

const RENEWAL_MARGIN_MS = 60_000;
const REVOCATION_TIMEOUT_MS = 3000;
const SERVER_ERROR = 500;

interface Tokens {
  readonly token: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt: number;
  readonly user: string;
}

interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly returnTo: string;
}

/** Signs users in by OpenID Connect: authorization code with PKCE (RFC 7636). Tokens are kept for this tab only. */
export class Session {
  readonly #config: Config;
  readonly #client: Client;
  #tokens: Tokens | null;
  #renewal: Promise<void> | null = null;

  constructor(config: Config) {
    this.#config = config;
    this.#client = { client_id: config.client_id };
    this.#tokens = JSON.parse(sessionStorage.getItem(TOKENS) ?? 'null') as Tokens | null;
  }

  get isSignedIn(): boolean {
    return this.#tokens !== null;
  }

  /** Whether a user signed in with this browser before, so that the issuer may have a session. */
  get wasSignedIn(): boolean {
    return localStorage.getItem(SIGNED_IN) === 'yes';
  }

  /** The name of the signed-in user, for display; empty if unknown. */
  get user(): string {
    return this.#tokens?.user ?? '';
  }

  /** Returns an access token that is valid for another minute. Throws a {@link Problem} of status 401 if nobody is signed in. */
  async token(): Promise<string> {
    if (this.#tokens && this.#tokens.expiresAt - Date.now() < RENEWAL_MARGIN_MS) {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = null;
      });
      await this.#renewal;
    }
    if (!this.#tokens) {
      throw new Problem(401, 'signed out');
    }
    return this.#tokens.token;
  }

  forget(): void {
    this.#tokens = null;
    sessionStorage.removeItem(TOKENS);
    localStorage.removeItem(SIGNED_IN);
  }

  /** Signs out in all tabs and at the issuer. */
  async signOut(): Promise<void> {
    const refreshToken = this.#tokens?.refreshToken;
    this.forget();
    localStorage.setItem(SIGNED_OUT, String(Date.now()));
    const server = await this.#discover();
    if (refreshToken && server.revocation_endpoint) {
      await this.#revoke(server, refreshToken);
    }
    const home = `${location.origin}/`;
    const query = new URLSearchParams({ client_id: this.#config.client_id, post_logout_redirect_uri: home, logout_uri: home });
    location.assign(server.end_session_endpoint ? `${server.end_session_endpoint}?${query.toString()}` : home);
  }

  /** Opens the issuer's sign-in page, which returns to `/signed-in`. */
  async signIn(loginHint: string | null): Promise<void> {
    localStorage.removeItem(SIGNED_IN); // if the issuer does not return, the next visit must not redirect again
    const server = await this.#discover();
    const pending: Pending = { verifier: generateRandomCodeVerifier(), state: generateRandomState(), returnTo: currentPage() };
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    const language = document.documentElement.lang;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#config.client_id,
      redirect_uri: redirectUri(),
      scope: this.#config.scope,
      state: pending.state,
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      lang: language, // Cognito's name for ui_locales
    });
    if (loginHint) {
      query.set('login_hint', loginHint);
    }
    location.assign(`${server.authorization_endpoint ?? ''}?${query.toString()}`);
  }

  /**
   * Exchanges the code in the current address for tokens.
   *
   * @return the page that the user wanted to see
   */
  async finishSignIn(): Promise<string> {
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
    const response = new URL(location.href);
    if (response.searchParams.get('state') !== pending?.state) {
      throw new SignInError(); // not begun in this tab, or already used
    }
    sessionStorage.removeItem(PENDING);
    sessionStorage.setItem(RETURN_TO, pending.returnTo);
    history.replaceState(null, '', location.pathname); // a code is valid once
    const server = await this.#discover();
    await this.#store(async () => {
      const parameters = readResponse(server, this.#client, response, pending.state);
      const answer = await authorizationCodeGrantRequest(
        server, this.#client, None(), parameters, redirectUri(), pending.verifier, this.#options());
      return processAuthorizationCodeResponse(server, this.#client, answer);
    });
    sessionStorage.removeItem(RETURN_TO);
    return pending.returnTo;
  }

  async #renew(): Promise<void> {
    const refreshToken = this.#tokens?.refreshToken;
    if (!refreshToken) {
      this.forget();
      return;
    }
    const server = await this.#discover();
    try {
      await this.#store(async () => processRefreshTokenResponse(
        server, this.#client, await refreshTokenGrantRequest(server, this.#client, None(), refreshToken, this.#options())));
    } catch (error) {
      if (!(error instanceof SignInError)) {
        throw error;
      }
      this.forget();
    }
  }

  async #store(request: () => Promise<TokenEndpointResponse>): Promise<void> {
    const response = await rejectionsAsSignInErrors(request);
    this.#tokens = {
      token: response.access_token,
      refreshToken: response.refresh_token ?? this.#tokens?.refreshToken,
      expiresAt: Date.now() + (response.expires_in ?? 0) * 1000,
      user: userOf(response.id_token ?? response.access_token) || this.user,
    };
    sessionStorage.setItem(TOKENS, JSON.stringify(this.#tokens));
    localStorage.setItem(SIGNED_IN, 'yes');
  }

  async #discover(): Promise<AuthorizationServer> {
    const issuer = new URL(this.#config.issuer);
    const response = await discoveryRequest(issuer, this.#options());
    if (!response.ok) {
      throw await Problem.of(response);
    }
    return processDiscoveryResponse(issuer, response);
  }

  /** Signing out succeeds without the issuer: this tab has no tokens any more. */
  async #revoke(server: AuthorizationServer, token: string): Promise<void> {
    try {
      await revocationRequest(server, this.#client, None(), token, {
        ...this.#options(),
        signal: AbortSignal.timeout(REVOCATION_TIMEOUT_MS),
      });
    } catch (error) {
      console.info('the refresh token was not revoked', error);
    }
  }

  /** Plain HTTP is allowed for an issuer on this machine only, such as that of the local cloud. */
  #options() {
    return {
      [allowInsecureRequests]: this.#config.issuer.startsWith('http://'),
      [customFetch]: (url: string, init: object) => send(url, init),
    };
  }
}

const redirectUri = () => `${location.origin}/signed-in`;

/** Returns the address of the page without the name of the user to sign in. */
function currentPage(): string {
  if (location.pathname === '/signed-in') {
    return sessionStorage.getItem(RETURN_TO) ?? '/';
  }
  const query = new URLSearchParams(location.search);
  query.delete('login_hint');
  return `${location.pathname}${query.size > 0 ? `?${query.toString()}` : ''}${location.hash}`;
}

/** Returns the parameters of the issuer's response. Throws a {@link SignInError} if the response is not valid. */
function readResponse(server: AuthorizationServer, client: Client, response: URL, state: string): URLSearchParams {
  try {
    return validateAuthResponse(server, client, response, state);
  } catch (error) {
    throw error instanceof AuthorizationResponseError || !(error instanceof Error) ? error : new SignInError(error.message, { cause: error });
  }
}

async function rejectionsAsSignInErrors<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      throw new SignInError(error.error_description ?? error.error, { cause: error });
    }
    if (error instanceof ResponseBodyError && error.status < SERVER_ERROR) {
      throw new SignInError(error.error_description ?? error.error, { cause: error });
    }
    throw error;
  }
}

/** Returns the user's name in a JSON Web Token, for display only. The API decides what a user may read. */
export function userOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const name = [claims['name'], claims['email'], claims['username'], claims['sub']].find((claim) => typeof claim === 'string');
    return name ?? '';
  } catch {
    return ''; // not a JSON Web Token
  }
}

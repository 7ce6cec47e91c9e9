/** An answer that is an error, as the service tells it (RFC 9457), or a gateway before it. */
class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.message ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.type = body.type;
    this.detail = body.detail;
    this.traceId = body.trace_id;
  }
}

const TOO_MANY = 429;
const RETRY_MS = 1500;

/**
 * Asks the service, for who is signed in or by a link. Each call throws a Problem for an error that was answered, and an Error of
 * status 0 where there was no answer.
 */
export class Api {
  #headers;
  #root;

  /** @param headers gives those that say who asks */
  constructor(headers, root) {
    this.#headers = headers;
    this.#root = root;
  }

  static of(session) {
    return new Api(async () => ({ authorization: `Bearer ${await session.token()}` }), '/api');
  }

  static byLink(token) {
    return new Api(async () => ({ 'x-steptrail-share': token }), '/api/shared');
  }

  /** What is there as JSON. */
  async get(path, parameters = {}, signal) {
    return json(await this.#send('GET', path, { parameters, signal }), signal);
  }

  /** The same with its tag; `body` is null where it is what the tag says. */
  async revalidate(path, etag, signal) {
    const response = await this.#send('GET', path, { signal, headers: etag ? { 'if-none-match': etag } : {} });
    return response.status === 304
      ? { body: null, etag }
      : { body: await json(response, signal), etag: response.headers.get('etag') };
  }

  /** As it is: the caller reads status, headers and body. */
  async fetch(path, parameters = {}, signal) {
    return this.#send('GET', path, { parameters, signal });
  }

  /**
   * The image at an address that the service gave: presigned, or one of the service itself, which needs the token and has a rate limit.
   * Over the limit it is requested once more.
   */
  async image(url, signal) {
    const headers = url.startsWith('/api/') ? await this.#headers() : {};
    const send = () => answer(url, { signal, headers, cache: 'no-store', referrerPolicy: 'no-referrer' });
    const response = await send();
    if (response.status !== TOO_MANY) {
      return response;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    signal?.throwIfAborted();
    return send();
  }

  async post(path, body) {
    return json(await this.#send('POST', path, { body }));
  }

  async put(path, body) {
    return json(await this.#send('PUT', path, { body }));
  }

  async delete(path) {
    await this.#send('DELETE', path, {});
  }

  async #send(method, path, { parameters = {}, body, headers = {}, signal }) {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value != null));
    const response = await answer(`${this.#root}${path}${query.size ? `?${query}` : ''}`, {
      method,
      signal,
      cache: 'no-store',
      headers: {
        ...(await this.#headers()),
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok && response.status !== 304) {
      throw new Problem(response.status, await problemOf(response));
    }
    return response;
  }
}

/** A connection may die without a word. */
const LONGEST_MS = 30_000;

/** As fetch does; that nothing came, or not all of it by the time limit, is an error of status 0. */
export async function answer(url, options, longest = LONGEST_MS) {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(longest)].filter(Boolean));
  return whole(() => fetch(url, { ...options, signal }), options.signal);
}

/** What a response holds. */
export async function json(response, signal) {
  return whole(() => response.json(), signal);
}

/** The same, as bytes. */
export async function blob(response, signal) {
  return whole(() => response.blob(), signal);
}

async function whole(coming, signal) {
  try {
    return await coming();
  } catch (error) {
    signal?.throwIfAborted();
    throw Object.assign(new Error(error.message), { status: 0 });
  }
}

async function problemOf(response) {
  try {
    return await response.json();
  } catch (notJson) {
    return { detail: `HTTP ${response.status}` };
  }
}

import { Problem } from './problem.ts';

/** The time limit of a request with its body: a connection may die without an error. */
const TIMEOUT_MS = 30_000;

const TOO_MANY_REQUESTS = 429;
const RETRY_AFTER_MS = 1500;

/**
 * Sends a request and reads nothing. A request over the rate limit is sent once more.
 *
 * @throws Problem of status 0 if there is no response within the time limit
 */
export async function send(url: string, init: RequestInit = {}, timeoutMs = TIMEOUT_MS): Promise<Response> {
  const caller = init.signal ?? undefined;
  const attempt = () => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = caller ? AbortSignal.any([caller, timeout]) : timeout;
    return receive(() => fetch(url, { ...init, signal }), caller);
  };
  const response = await attempt();
  if (response.status !== TOO_MANY_REQUESTS) {
    return response;
  }
  await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  caller?.throwIfAborted();
  return attempt();
}

/**
 * Awaits a response, or the body of one.
 *
 * @throws Problem of status 0 if the connection fails; the reason of the signal if the caller aborted the request
 */
export async function receive<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Problem(0, cause instanceof Error ? cause.message : String(cause), undefined, undefined, { cause });
  }
}

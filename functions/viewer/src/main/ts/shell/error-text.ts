import { Problem } from '../api/problem.ts';
import type { Texts } from '../i18n/en.ts';
import { SignInError } from '../session/sign-in-error.ts';

/** What the page says about an error, and what it offers. */
export interface ErrorText {
  readonly headline: string;
  /** What the server or the browser says, in English; null if nothing. */
  readonly detail: string | null;
  readonly advice: string;
  readonly offersSignIn: boolean;
  readonly offersRetry: boolean;
  readonly traceId: string | null;
}

/** @param isShared whether the page shows a task by a share link, which needs no sign-in */
export function describeError(error: unknown, t: Texts['shell'], isShared: boolean): ErrorText {
  const detail = error instanceof Error && error.message !== '' ? error.message : null;
  if (error instanceof SignInError) {
    return { headline: t.signInFailed, detail, advice: t.signInAdvice, offersSignIn: true, offersRetry: false, traceId: null };
  }
  const status = error instanceof Problem ? error.status : undefined;
  if (status === 404 && isShared) {
    return { headline: t.linkNotFound, detail: null, advice: t.linkNotFoundAdvice, offersSignIn: false, offersRetry: false, traceId: null };
  }
  return {
    headline: t.problem(status),
    detail,
    advice: t.advice(status),
    offersSignIn: status === 401 && !isShared,
    offersRetry: !(error instanceof Problem) || error.isTransient || error.status === 409,
    traceId: error instanceof Problem ? error.traceId ?? null : null,
  };
}

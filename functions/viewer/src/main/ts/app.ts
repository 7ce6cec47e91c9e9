/** Opens the page of the address. Pages are loaded by the browser; there is no client-side router. */
import './components/web-awesome.ts';
import './compare/compare-page.ts';
import './insights/insights-page.ts';
import './styles/app.css';
import './task/task-page.ts';
import './tasks/tasks-page.ts';
import { ApiClient } from './api/api-client.ts';
import type { AppContext } from './app-context.ts';
import { readConfig } from './config.ts';
import { Format } from './i18n/format.ts';
import { language, texts } from './i18n/language.ts';
import { findRoute, type Route } from './routes.ts';
import { SIGNED_OUT, Session } from './session/session.ts';
import { shareTokenOf } from './session/share-token.ts';
import { NoticePage } from './shell/notice-page.ts';
import { Shell } from './shell/shell.ts';
import { applyTheme } from './shell/theme.ts';
import { WelcomePage } from './shell/welcome-page.ts';

document.documentElement.lang = language();
applyTheme();
const t = texts();
const session = new Session(readConfig());
const route = findRoute(location.pathname);
const shell = Object.assign(new Shell(), { t, session, isShared: route?.isShared ?? false, fillsWindow: route?.fillsWindow ?? false });
document.body.append(shell);

async function open(): Promise<void> {
  if (location.pathname === '/signed-in') {
    location.replace(await session.finishSignIn());
  } else if (!route) {
    notice(t.shell.pageNotFound, t.shell.pageNotFoundAdvice, true);
  } else if (route.isShared) {
    const token = shareTokenOf(location.hash);
    if (token === null) {
      notice(t.shell.linkIncomplete, t.shell.linkIncompleteAdvice, false);
    } else {
      show(route, ApiClient.byLink(token), null);
    }
  } else if (session.isSignedIn) {
    show(route, ApiClient.signedIn(() => session.token()), session.user);
  } else {
    await welcome();
  }
}

function show({ element, parameters, isShared }: Route, api: ApiClient, user: string | null): void {
  const context: AppContext = { api, t, format: new Format(t.common), language: language(), shell, user, isShared };
  const taskId = parameters['taskId']?.toLowerCase();
  shell.show(Object.assign(document.createElement(element), { context, ...(taskId ? { taskId } : {}) }));
}

/** Goes to the issuer at once if the address names the user, or if somebody signed in with this browser before. */
async function welcome(): Promise<void> {
  const hint = new URLSearchParams(location.search).get('login_hint');
  if (hint !== null || session.wasSignedIn) {
    await session.signIn(hint);
  } else {
    shell.show(Object.assign(new WelcomePage(), { t, session }));
  }
}

function notice(headline: string, advice: string, offersTasks: boolean): void {
  shell.setTitle(headline);
  shell.show(Object.assign(new NoticePage(), { t, headline, advice, offersTasks }));
}

// The user may have signed out in another tab while the browser kept this page.
const signedOutAt = localStorage.getItem(SIGNED_OUT);
addEventListener('pageshow', (event) => {
  if (event.persisted && localStorage.getItem(SIGNED_OUT) !== signedOutAt) {
    location.reload();
  }
});
addEventListener('hashchange', ({ oldURL, newURL }) => {
  if (route?.isShared && shareTokenOf(new URL(oldURL).hash) !== shareTokenOf(new URL(newURL).hash)) {
    location.reload(); // another link to the same task
  }
});
addEventListener('storage', ({ key }) => {
  if (key === SIGNED_OUT && session.isSignedIn) {
    session.forget();
    location.replace('/');
  }
});
addEventListener('unhandledrejection', (event) => { shell.showError(event.reason); });
addEventListener('error', (event) => { shell.showError(event.error); });
open().catch((error: unknown) => { shell.showError(error); });

/** Opens the page that the address names. Each page is loaded by itself: there is no router to keep state in. */
import { html } from './vendor/lit-html/lit-html.js';
import { Api } from './api.js';
import { Shell } from './shell.js';
import { language, texts } from './language.js';
import { SIGNED_OUT, Session } from './session.js';

const t = texts();
document.documentElement.lang = language();

const config = JSON.parse(document.getElementById('config').textContent);
const session = new Session(config, sessionStorage);
const shell = new Shell(document.body, session, t);

const PAGES = [
  { path: /^\/tasks\/(?<taskId>[0-9a-f-]{36})$/i, open: () => import('./pages/run.js') },
  { path: /^\/insights$/, open: () => import('./pages/insights.js') },
  { path: /^\/compare$/, open: () => import('./pages/compare.js') },
  { path: /^\/shared\/(?<taskId>[0-9a-f-]{36})$/i, shared: true, open: () => import('./pages/run.js') },
];

async function start() {
  if (location.pathname === '/signed-in') {
    location.replace(await session.finish(new URLSearchParams(location.search)));
    return;
  }
  const page = PAGES.find(({ path }) => path.test(location.pathname));
  if (!page) {
    shell.notice(t.notFound, t.notFoundAdvice);
    return;
  }
  const parameters = new URLSearchParams(location.search);
  const share = page.shared ? shareToken() : null;
  if (page.shared ? !share : !session.isSignedIn) {
    page.shared ? shell.notice(t.linkIncomplete, t.linkIncompleteAdvice) : await signIn(parameters);
    return;
  }
  shell.isShared = Boolean(share);
  const api = share ? Api.byLink(share) : Api.of(session);
  const { open } = await page.open();
  const { taskId } = page.path.exec(location.pathname).groups ?? {};
  await open({ api, shell, t, parameters, taskId: taskId?.toLowerCase(), shared: Boolean(share) });
}

/** A link's token is kept for this tab, so that the fragment can go on to name steps. */
function shareToken() {
  const kept = `share ${location.pathname}`;
  const parameters = new URLSearchParams(location.hash.slice(1));
  const given = parameters.get('share');
  if (given) {
    sessionStorage.setItem(kept, given);
    parameters.delete('share');
    history.replaceState(null, '', `${location.pathname}${location.search}${parameters.size ? `#${parameters}` : ''}`);
  }
  return given ?? sessionStorage.getItem(kept);
}

/** At once where the address says as whom, or somebody was signed in here before; else by a click. */
async function signIn(parameters) {
  const hint = parameters.get('login_hint');
  if (hint || session.wasSignedIn) {
    await session.begin(hint);
    return;
  }
  const begin = () => session.begin(null).catch(fail);
  shell.show(html`
    <section class="card narrow">
      <h1>${t.welcome}</h1>
      <p>${t.welcomeText}</p>
      <p><button class="primary" @click=${begin}>${t.signIn}</button></p>
    </section>`);
}

function fail(error) {
  shell.fail(error);
}

// A page that the browser kept, or another tab, may be of somebody who has signed out since.
addEventListener('pageshow', (event) => event.persisted && location.reload());
addEventListener('storage', ({ key }) => {
  if (key === SIGNED_OUT && session.isSignedIn) {
    session.forget();
    shell.isShared ? location.reload() : location.replace('/');
  }
});
// Another link to the page that is open is no other page to the browser.
addEventListener('hashchange', () => {
  if (location.pathname.startsWith('/shared/') && new URLSearchParams(location.hash.slice(1)).has('share')) {
    shareToken();
    location.reload();
  }
});
addEventListener('unhandledrejection', (event) => fail(event.reason));
addEventListener('error', (event) => event.error && fail(event.error));
start().catch(fail);

import { html, nothing, render } from './vendor/lit-html/lit-html.js';
import { beginning } from './excerpts.js';
import { SignInProblem } from './issuer.js';
import { languages, language, choose } from './language.js';

const THEMES = ['auto', 'light', 'dark'];
const TITLE = 200;
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** What surrounds every page: its head, where errors are told, and the way in and out. */
export class Shell {
  #root;
  #session;
  #t;
  #problem = null;
  #isNotice = false;
  #main = document.createElement('main');
  #isOver = false;

  constructor(body, session, t) {
    this.#session = session;
    this.#t = t;
    this.#main.id = 'main';
    this.#main.tabIndex = -1;
    this.#root = document.createElement('div');
    this.#root.className = 'page';
    body.append(this.#root);
    this.#applyTheme();
    this.#render();
    this.notice(t.loading, null);
  }

  /** Whether this page is seen by a link, of whom nobody needs to be signed in. */
  isShared = false;

  /** Where a page puts its own elements, and from then on alone. */
  get main() {
    return this.#main;
  }

  /** Shows this in place of all that was there. */
  show(template) {
    if (!this.#isOver) {
      this.#isNotice = false;
      render(template, this.#main);
    }
  }

  /** Isolated, for what an agent says may run the other way; and nothing in it ends that (Unicode, annex 9). */
  title(text) {
    document.title = text ? `\u2068${beginning(text.replace(DIRECTIONS, ''), TITLE)}\u2069 · Steptrail` : 'Steptrail';
  }

  /** A page that only says something. */
  notice(headline, advice) {
    this.show(html`
      <section class="card narrow notice">
        <h1>${headline}</h1>
        ${advice ? html`<p>${advice}</p>` : nothing}
      </section>`);
    this.#isNotice = true;
  }

  /** Says what went wrong and what to do, above what is there. */
  fail(error) {
    if (error?.name === 'AbortError') {
      return;
    }
    if (error?.status === 401 && !this.isShared) {
      this.#session.forget();
    }
    this.#problem = error;
    this.#render();
    if (this.#isNotice) {
      this.show(nothing);
    }
    this.#root.querySelector('.problem').scrollIntoView({ block: 'nearest' });
  }

  dismiss() {
    this.#problem = null;
    this.#render();
    this.#main.focus();
  }

  #render() {
    const t = this.#t;
    render(html`
      <a class="skip" href="#main" @click=${(event) => this.#skip(event)}>${t.skip}</a>
      <header class="bar">
        <a class="brand" href="/">Steptrail</a>
        <nav aria-label=${t.pages}>
          ${this.#session.isSignedIn ? html`<a href="/">${t.tasks}</a> <a href="/insights">${t.insights}</a>` : nothing}
        </nav>
        <label>${t.language}
          <select @change=${(event) => choose(event.target.value)}>
            ${languages.map(({ code, name }) =>
              html`<option value=${code} lang=${code} ?selected=${code === language()}>${name}</option>`)}
          </select>
        </label>
        <label>${t.theme}
          <select @change=${(event) => this.#chooseTheme(event.target.value)}>
            ${THEMES.map((theme) =>
              html`<option value=${theme} ?selected=${theme === this.#theme}>${t.themes[theme]}</option>`)}
          </select>
        </label>
        ${this.#session.isSignedIn
          ? html`<button @click=${() => this.#signOut()}>${t.signOut(this.#session.user)}</button>`
          : nothing}
      </header>
      <div role="alert">${this.#problem ? this.#problemTemplate() : nothing}</div>
      ${this.#main}`, this.#root);
  }

  #problemTemplate() {
    const t = this.#t;
    const problem = this.#problem;
    const signIn = async () => this.#session.begin(null).catch((error) => this.fail(error));
    const isSignIn = problem instanceof SignInProblem;
    const { status } = problem;
    return html`
      <section class="problem">
        <p><strong>${isSignIn ? t.signInFailed : t.problem(status)}</strong>
          ${problem.detail ?? problem.message ? html`<bdi lang="en">${problem.detail ?? problem.message}</bdi>` : nothing}</p>
        <p>${isSignIn ? t.signInAdvice : t.advice(status)}
          ${isSignIn || (status === 401 && !this.isShared) ? html`<button @click=${signIn}>${t.signIn}</button>` : nothing}
          ${!isSignIn && (!status || status === 404 || status >= 500)
            ? html`<button @click=${() => location.reload()}>${t.tryAgain}</button>` : nothing}
          <button @click=${() => this.dismiss()}>${t.dismiss}</button></p>
        ${problem.traceId ? html`<p class="quiet">trace_id ${problem.traceId}</p>` : nothing}
      </section>`;
  }

  /** The fragment names steps, so a jump must not become one. */
  #skip(event) {
    event.preventDefault();
    this.#main.focus();
  }

  #signOut() {
    this.show(nothing); // whatever becomes of it, nobody reads on
    this.#isOver = true;
    this.#session.end().catch((error) => this.fail(error));
    this.#render();
  }

  get #theme() {
    return localStorage.getItem('theme') ?? 'auto';
  }

  #chooseTheme(theme) {
    localStorage.setItem('theme', theme);
    this.#applyTheme();
  }

  #applyTheme() {
    document.documentElement.dataset.theme = this.#theme;
  }
}

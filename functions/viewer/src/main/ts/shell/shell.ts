import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext, ShellActions } from '../app-context.ts';
import { isAbort, Problem } from '../api/problem.ts';
import '../components/confirm-dialog.ts';
import type { ConfirmDialog, Question } from '../components/confirm-dialog.ts';
import { icon, type IconName } from '../components/icons.ts';
import '../components/toast.ts';
import type { Toast } from '../components/toast.ts';
import type { Texts } from '../i18n/en.ts';
import type { Session } from '../session/session.ts';
import { controls } from '../styles/controls.ts';
import { truncate } from '../i18n/truncate.ts';
import './account-menu.ts';
import { describeError } from './error-text.ts';

/** The pages in the header. */
const NAVIGATION: readonly { path: string; matches: RegExp; text: 'tasks' | 'insights'; icon: IconName }[] = [
  { path: '/', matches: /^\/(tasks(\/|$)|compare$|$)/, text: 'tasks', icon: 'table' },
  { path: '/insights', matches: /^\/insights$/, text: 'insights', icon: 'info' },
];

const MAX_TITLE = 200;
/** Controls of text direction, which could reorder the text around an agent's text (Unicode, annex 9). */
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/** The frame of every page: header, errors, messages and confirmations. The page is its only child. */
export class Shell extends LitElement implements ShellActions {
  static override styles = [controls, css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 100dvh;
    }

    /* The page has the height of the window, and its parts scroll. */
    :host([fills-window]) {
      height: 100dvh;
    }

    header {
      display: flex;
      align-items: center;
      gap: var(--st-space-3);
      flex: none;
      height: var(--st-header);
      padding: 0 var(--st-space-4);
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .brand {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      padding: 4px;
      color: var(--st-text);
      font-size: var(--st-size-heading);
      font-weight: 650;
      letter-spacing: -0.01em;
    }

    .brand:hover {
      text-decoration: none;
    }

    .brand svg {
      color: var(--st-accent);
    }

    nav {
      display: flex;
      align-self: stretch;
      flex: 1;
      gap: 2px;
      margin-left: var(--st-space-3);
      min-width: 0;
    }

    nav a {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      padding: 2px 10px 0;
      border-bottom: 2px solid transparent;
      border-radius: 0;
      color: var(--st-text-muted);
      font-weight: 500;
    }

    nav a:hover {
      color: var(--st-text);
      text-decoration: none;
    }

    nav a[aria-current] {
      border-bottom-color: var(--st-accent);
      color: var(--st-text);
    }

    .shared {
      color: var(--st-text-muted);
    }

    .skip {
      position: absolute;
      z-index: 40;
      top: 6px;
      left: 6px;
      padding: 6px 12px;
      background: var(--st-surface-raised);
      box-shadow: var(--st-shadow-menu);
    }

    .skip:not(:focus) {
      clip-path: inset(50%);
    }

    main {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      outline: none;
    }

    .error {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px var(--st-space-4);
      padding: 8px var(--st-space-4);
      border-bottom: 1px solid color-mix(in srgb, var(--st-failure) 40%, transparent);
      background: var(--st-failure-quiet);
    }

    .error p {
      flex: 1 1 320px;
      overflow-wrap: anywhere;
    }

    .error .buttons {
      display: flex;
      gap: var(--st-space-3);
    }

    @media (width < 480px) {
      .brand span,
      nav .icon {
        display: none;
      }

      nav {
        margin-left: 0;
      }
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property({ attribute: false }) session!: Session;
  @property({ type: Boolean }) isShared = false;
  /** Whether the page has the height of the window. */
  @property({ type: Boolean, attribute: 'fills-window', reflect: true }) fillsWindow = false;
  @state() private error: unknown = null;
  @query('st-toast') private readonly toastElement!: Toast;
  @query('st-confirm-dialog') private readonly confirmDialog!: ConfirmDialog;
  @query('main') private readonly main!: HTMLElement;

  /** Shows a page instead of the present one. */
  show(page: HTMLElement & { context?: AppContext }): void {
    this.replaceChildren(page);
  }

  setTitle(text: string): void {
    const title = truncate(text.replace(DIRECTION_CONTROLS, ''), MAX_TITLE);
    document.title = title ? `\u2068${title}\u2069 · Steptrail` : 'Steptrail'; // isolated, since it may be written from right to left
  }

  showError(error: unknown): void {
    if (isAbort(error)) {
      return;
    }
    if (error instanceof Problem && error.status === 401 && !this.isShared) {
      this.session.forget();
    }
    this.error = error;
  }

  toast(text: string, undo?: () => void): void {
    this.toastElement.show(text, undo);
  }

  confirm(question: Question): Promise<boolean> {
    return this.confirmDialog.ask(question);
  }

  override render() {
    const t = this.t.shell;
    return html`
      <header>
        <a class="skip" href="#main" @click=${this.#skip}>${t.skip}</a>
        <a class="brand" href="/" aria-label="Steptrail">${mark()}<span>Steptrail</span></a>
        ${this.isShared
          ? html`<span class="shared">${t.sharedTask}</span><nav></nav>`
          : html`<nav aria-label=${t.pages}>${this.session.isSignedIn
            ? NAVIGATION.map((entry) => html`
              <a href=${entry.path} aria-current=${entry.matches.test(location.pathname) ? 'page' : nothing}>
                ${icon(entry.icon)}${t[entry.text]}</a>`)
            : nothing}</nav>`}
        <st-account-menu .t=${this.t} .user=${this.isShared ? '' : this.session.user}
          @sign-out=${this.#signOut} @command=${this.#copyCommand}></st-account-menu>
      </header>
      <div role="alert">${this.error === null ? nothing : this.#errorTemplate()}</div>
      <main id="main" tabindex="-1"><slot></slot></main>
      <st-confirm-dialog .t=${this.t}></st-confirm-dialog>
      <st-toast .t=${this.t}></st-toast>
    `;
  }

  #errorTemplate() {
    const t = this.t.shell;
    const { headline, detail, advice, offersSignIn, offersRetry, traceId } = describeError(this.error, t, this.isShared);
    return html`
      <div class="error">
        <p>
          <strong>${headline}.</strong> ${detail ? html`<bdi lang="en">${detail}</bdi>` : nothing} ${advice}
          ${traceId ? html`<span class="muted small">${t.traceId}: <code>${traceId}</code></span>` : nothing}
        </p>
        <div class="buttons">
          ${offersSignIn ? html`<button class="primary" @click=${this.#signIn}>${t.signIn}</button>` : nothing}
          ${offersRetry ? html`<button @click=${() => { location.reload(); }}>${this.t.common.retry}</button>` : nothing}
          <button class="plain icon" aria-label=${t.dismiss} @click=${this.#dismiss}>${icon('close')}</button>
        </div>
      </div>
    `;
  }

  /** The fragment of the address names steps, so the link must not change it. */
  readonly #skip = (event: Event) => {
    event.preventDefault();
    this.main.focus();
  };

  readonly #dismiss = () => {
    this.error = null;
    this.main.focus();
  };

  readonly #signIn = async () => {
    await this.session.signIn(null);
  };

  readonly #signOut = async () => {
    this.replaceChildren(); // hides all data, also if the issuer does not respond
    this.requestUpdate();
    await this.session.signOut();
  };

  readonly #copyCommand = async () => {
    const command = `steptrail login ${location.origin}`;
    try {
      await navigator.clipboard.writeText(command);
      this.toast(`${this.t.common.copied}: ${command}`);
    } catch {
      this.toast(command); // the browser did not allow copying: the user can select it
    }
  };
}

/** The mark of the product: steps on a trail. */
function mark() {
  return html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" fill="currentColor">
    <rect x="2" y="12" width="4.4" height="6" rx="1.2"/><rect x="7.8" y="7" width="4.4" height="11" rx="1.2" opacity="0.75"/>
    <rect x="13.6" y="2" width="4.4" height="16" rx="1.2" opacity="0.5"/></svg>`;
}

customElements.define('st-shell', Shell);

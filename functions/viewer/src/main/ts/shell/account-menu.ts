import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { icon } from '../components/icons.ts';
import type { Texts } from '../i18n/en.ts';
import { LANGUAGES, language, setLanguage } from '../i18n/language.ts';
import { controls } from '../styles/controls.ts';
import { THEMES, setTheme, theme, type Theme } from './theme.ts';

/** The menu at the right of the header. Fires `sign-out`, and `command` to copy the command to sign in. */
export class AccountMenu extends LitElement {
  static override styles = [controls, css`
    .account {
      border-radius: var(--st-radius-chip);
      padding: 0;
      width: var(--st-control);
      background: var(--st-accent-quiet);
      color: var(--st-accent);
      font-weight: 600;
    }

    wa-dropdown::part(menu) {
      min-width: 220px;
    }

    .heading {
      display: block;
      padding: 6px 12px 2px;
      color: var(--st-text-muted);
      font-size: var(--st-size-caption);
    }

    .user {
      display: block;
      max-width: 280px;
      padding: 0 12px 6px;
      font-weight: 600;
    }

    hr {
      margin: 4px 0;
      border: 0;
      border-top: 1px solid var(--st-border);
    }
  `];

  @property({ attribute: false }) t!: Texts;
  /** The name of the signed-in user; empty if nobody is signed in. */
  @property() user = '';
  @state() private theme: Theme = theme();

  override render() {
    const { t, user } = this;
    return html`
      <wa-dropdown placement="bottom-end" @wa-select=${this.#select}>
        <button slot="trigger" class="account" aria-label=${user ? t.shell.accountOf(user) : t.shell.account}>
          ${user ? String.fromCodePoint(user.codePointAt(0) ?? 0).toUpperCase() : icon('user')}
        </button>
        ${user ? html`<span class="heading">${t.shell.signedInAs}</span><bdi class="user ellipsis">${user}</bdi><hr>` : nothing}
        <span class="heading" id="language">${t.shell.language}</span>
        ${LANGUAGES.map(({ code, name }) => html`
          <wa-dropdown-item type="checkbox" value="language ${code}" lang=${code} ?checked=${code === language()}>${name}</wa-dropdown-item>`)}
        <span class="heading">${t.shell.theme}</span>
        ${THEMES.map((each) => html`
          <wa-dropdown-item type="checkbox" value="theme ${each}" ?checked=${each === this.theme}>${t.shell.themes[each]}</wa-dropdown-item>`)}
        ${user
          ? html`
            <hr>
            <wa-dropdown-item value="command">${t.shell.commandLine}</wa-dropdown-item>
            <wa-dropdown-item value="sign-out">${t.shell.signOut}</wa-dropdown-item>`
          : nothing}
      </wa-dropdown>
    `;
  }

  readonly #select = (event: CustomEvent<{ item: WaDropdownItem }>) => {
    const [kind, choice] = event.detail.item.value.split(' ');
    switch (kind) {
      case 'language':
        setLanguage(choice ?? '');
        break;
      case 'theme':
        setTheme(choice as Theme);
        this.theme = theme();
        break;
      default:
        this.dispatchEvent(new Event(kind ?? ''));
    }
  };
}

customElements.define('st-account-menu', AccountMenu);

import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { MadeShare, NewShare, Share } from '../api/types.ts';
import '../components/copy-button.ts';
import '../components/dialog.ts';
import { controls } from '../styles/controls.ts';
import type { TaskView } from './task-view.ts';

const EXPIRY = ['P1D', 'P7D', 'P30D', 'P366D'] as const;
const DEFAULT_EXPIRY = 'P7D';
const FLAGS = ['include_sensitive', 'include_details', 'include_judgements', 'include_model_calls'] as const;

/** Creates, lists and revokes links to a task. */
export class ShareDialog extends LitElement {
  static override styles = [controls, css`
    form,
    .options {
      display: grid;
      gap: 8px;
      justify-items: start;
    }

    label {
      display: flex;
      align-items: center;
      gap: 8px;
    }

    .link {
      display: flex;
      align-items: center;
      width: 100%;
      gap: 4px;
      margin: 12px 0 0;
    }

    .link input {
      flex: 1;
    }

    h3 {
      margin: 18px 0 6px;
    }

    li {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      padding: 6px 0;
      border-top: 1px solid var(--st-border);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @property({ type: Boolean }) open = false;
  @state() private shares: Share[] | null = null;
  @state() private made: MadeShare | null = null;
  @query('.link input') private readonly link!: HTMLInputElement | null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open) {
      this.made = null;
      void this.#read();
    }
  }

  override render() {
    const { t, format } = this.view.context;
    const share = t.task.share;
    return html`
      <st-dialog .t=${t} label=${share.title} .open=${this.open} @close=${() => { this.dispatchEvent(new Event('close')); }}>
        <p class="muted">${share.text}</p>
        <form @submit=${this.#create}>
          <label>${share.expiry}
            <select name="expires_in">${EXPIRY.map((value) =>
              html`<option value=${value} .selected=${value === DEFAULT_EXPIRY}>${share.expiries[value]}</option>`)}</select>
          </label>
          ${FLAGS.map((flag) => html`<label><input type="checkbox" name=${flag}> ${share.flags[flag]}</label>`)}
          <button class="primary">${share.create}</button>
        </form>
        ${this.made === null ? nothing : html`
          <p class="link">
            <input type="text" readonly .value=${this.#address(this.made)} aria-label=${share.link}>
            <st-copy-button .t=${t} .text=${this.#address(this.made)} .label=${share.copyLink} @copy-failed=${this.#copyFailed}></st-copy-button>
          </p>
          <p class="muted small" role="status">${share.shownOnce}</p>`}
        <h3>${share.links}</h3>
        ${this.shares === null ? html`<p class="muted">${t.common.loading}</p>`
          : this.shares.length === 0 ? html`<p class="muted">${share.none}</p>`
          : html`<ul>${this.shares.map((each) => html`
            <li>
              <span>${format.time(each.created_at)} <span class="muted small">${this.#state(each)}${FLAGS.filter((flag) => each[flag])
                .map((flag) => ` · ${share.flags[flag]}`)}</span></span>
              ${works(each) ? html`<button @click=${() => this.#revoke(each)}>${share.revoke}</button>` : nothing}
            </li>`)}</ul>`}
      </st-dialog>
    `;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('made') && this.made !== null) {
      this.link?.select();
    }
  }

  #state(share: Share): string {
    const { t, format } = this.view.context;
    if (share.revoked_at !== null) {
      return t.task.share.revoked;
    }
    return works(share) ? t.task.share.validUntil(format.time(share.expires_at)) : t.task.share.expired;
  }

  #address({ token }: MadeShare): string {
    return `${location.origin}/shared/${this.view.model.taskId}#share=${token}`;
  }

  async #read(): Promise<void> {
    this.shares = await this.view.context.api.shares(this.view.model.taskId);
  }

  async #revoke(share: Share): Promise<void> {
    await this.view.context.api.revokeShare(this.view.model.taskId, share.share_id);
    if (this.made?.share_id === share.share_id) {
      this.made = null;
    }
    await this.#read();
  }

  readonly #create = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const flags = Object.fromEntries(FLAGS.map((flag) => [flag, form.has(flag)])) as Omit<NewShare, 'expires_in'>;
    const expiry = EXPIRY.find((each) => each === form.get('expires_in')) ?? DEFAULT_EXPIRY;
    this.made = await this.view.context.api.createShare(this.view.model.taskId, { expires_in: expiry, ...flags });
    await this.#read();
  };

  readonly #copyFailed = () => {
    this.link?.select();
    this.view.context.shell.toast(this.view.context.t.common.copyFailed);
  };
}

function works({ revoked_at: revokedAt, expires_at: expiresAt }: Share): boolean {
  return revokedAt === null && Date.parse(expiresAt) > Date.now();
}

customElements.define('st-share-dialog', ShareDialog);

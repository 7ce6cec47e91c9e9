import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** Links to a run: made, copied and taken back. */
export class Sharing {
  #api;
  #path;
  #taskId;
  #t;
  #format;
  #shares = null;
  #made = null;
  #said = '';
  element = document.createElement('details');

  constructor(api, taskId, t, format) {
    this.#api = api;
    this.#taskId = taskId;
    this.#path = `/tasks/${taskId}/shares`;
    this.#t = t;
    this.#format = format;
    this.element.className = 'card sharing';
    this.element.addEventListener('toggle', () => this.element.open && this.#read());
    this.#render();
  }

  async #read() {
    const shares = [];
    let cursor = null;
    do {
      const page = await this.#api.get(this.#path, { limit: 1000, cursor });
      shares.push(...page.shares);
      cursor = page.next_cursor;
    } while (cursor);
    this.#shares = shares;
    this.#render();
  }

  async #make(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const { token, share_id: id } = await this.#api.post(this.#path, {
      expires_in: form.get('expires_in'),
      include_sensitive: form.has('include_sensitive'),
      include_details: form.has('include_details'),
    });
    this.#made = { id, link: `${location.origin}/shared/${this.#taskId}#share=${token}` };
    this.#said = '';
    await this.#read();
    this.element.querySelector('.made input').select();
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#made.link);
      this.#said = this.#t.copied;
    } catch (refused) { // by the reader, or since browsers have a clipboard for secure addresses alone
      this.element.querySelector('.made input').select();
      this.#said = this.#t.copyYourself;
    }
    this.#render();
  }

  async #revoke({ share_id: id }) {
    await this.#api.delete(`${this.#path}/${id}`);
    this.#made = this.#made?.id === id ? null : this.#made;
    await this.#read();
    this.element.querySelector('summary').focus(); // the button is gone
  }

  #render() {
    const t = this.#t;
    render(html`
      <summary><h2>${t.share}</h2></summary>
      <p>${t.shareText}</p>
      <form class="buttons" @submit=${(event) => this.#make(event)}>
        <label>${t.shareFor}
          <select name="expires_in">${Object.entries(t.shareDays).map(([value, name]) =>
            html`<option value=${value} ?selected=${value === 'P7D'}>${name}</option>`)}</select></label>
        <label><input type="checkbox" name="include_sensitive"> ${t.shareSensitive}</label>
        <label><input type="checkbox" name="include_details"> ${t.shareDetails}</label>
        <button class="primary">${t.makeLink}</button>
      </form>
      <p class="quiet">${t.shareSensitiveText}</p>
      ${this.#made ? html`
        <p class="made"><label>${t.link} <input readonly .value=${this.#made.link}></label>
          <button type="button" @click=${() => this.#copy()}>${t.copy}</button>
          <span role="status">${this.#said || t.linkOnce}</span></p>` : nothing}
      <h3>${t.links}</h3>
      ${this.#shares?.length ? html`<ul>${this.#shares.map((share) => this.#item(share))}</ul>` : nothing}
      ${this.#shares?.length === 0 ? html`<p>${t.noLinks}</p>` : nothing}`,
    this.element);
  }

  #item(share) {
    const t = this.#t;
    const works = !share.revoked_at && Date.parse(share.expires_at) > Date.now();
    const state = share.revoked_at ? t.revoked
      : works ? t.worksUntil(this.#format.time(share.expires_at)) : t.expired;
    return html`
      <li>${this.#format.time(share.created_at)}, ${state}${share.include_sensitive ? html` · ${t.shareSensitive}` : nothing}${share.include_details ? html` · ${t.shareDetails}` : nothing}
        ${works ? html`<button type="button" @click=${() => this.#revoke(share)}>${t.revoke}</button>` : nothing}</li>`;
  }
}

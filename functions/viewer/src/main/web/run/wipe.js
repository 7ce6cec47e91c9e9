import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';

const MOST = 50;

/** Two pictures of one size, one over the other as far as a slider says, and boxes around what differs. */
export class Wipe {
  #t;
  #percent = 50;
  #shown = null;
  #canvas = document.createElement('canvas');

  constructor(t) {
    this.#t = t;
    this.#canvas.setAttribute('role', 'img');
  }

  /**
   * @param shown `{from, to, regions, name}`: two ImageData, what differs, and what both are called
   * @param marks whether to mark it
   */
  template(shown, marks) {
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#draw();
    }
    const { from: { width, height }, regions } = shown;
    return html`
      <div class="wipe">
        <div class="wiped">${this.#canvas}
          <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
            ${marks ? regions.slice(0, MOST).map((box) => svg`
              <rect class="halo" x=${box.x} y=${box.y} width=${box.width} height=${box.height}></rect>
              <rect class="mark" x=${box.x} y=${box.y} width=${box.width} height=${box.height}></rect>`) : nothing}
          </svg></div>
        <input type="range" min="0" max="100" .value=${String(this.#percent)} aria-label=${this.#t.slider} @input=${(event) => {
          this.#percent = Number(event.target.value);
          this.#draw();
        }}>
      </div>`;
  }

  #draw() {
    const { from, to, name } = this.#shown;
    const { width, height } = from;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext('2d');
    const edge = Math.round((width * this.#percent) / 100);
    context.putImageData(to, 0, 0);
    context.putImageData(from, 0, 0, 0, 0, edge, height);
    context.fillStyle = '#d6249f';
    context.fillRect(edge - 1, 0, 2, height);
    this.#canvas.setAttribute('aria-label', name);
  }
}

import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../styles/controls.ts';

type Height = 'closed' | 'half' | 'full';

const NEXT: Readonly<Record<Height, Height>> = { closed: 'half', half: 'full', full: 'closed' };
/** A pointer that moves less than this clicks. */
const MIN_DRAG_PIXELS = 2;

/** Content that covers a part of its parent on phones, with three heights; a plain box on wider windows. */
export class Sheet extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
    }

    .grip {
      display: none;
    }

    @media (width < 700px) {
      :host {
        z-index: 2;
        position: absolute;
        right: 0;
        bottom: 0;
        left: 0;
        grid-template-rows: 24px minmax(0, 1fr);
        height: var(--closed-height);
        border-radius: 10px 10px 0 0;
        background: var(--st-surface);
        box-shadow: 0 0 0 1px var(--st-border), 0 -6px 20px rgb(0 0 0 / 12%);
        transition: height var(--st-motion);
      }

      :host([height='half']) {
        height: 55%;
      }

      :host([height='full']) {
        height: 100%;
      }

      .grip {
        display: grid;
        place-items: center;
        height: 24px;
        border: 0;
        background: none;
        touch-action: none;
      }

      .grip::before {
        width: 40px;
        height: 4px;
        border-radius: 2px;
        background: var(--st-border-control);
        content: '';
      }
    }
  `];

  /** The name of the button that changes the height. */
  @property() label = '';
  @property({ reflect: true }) height: Height = 'closed';
  #hasDragged = false;

  /** Shows more than the edge. */
  open(): void {
    this.height = this.height === 'closed' ? 'half' : this.height;
  }

  override render() {
    return html`
      <button class="grip" aria-label=${this.label} aria-expanded=${this.height === 'closed' ? 'false' : 'true'}
        @click=${this.#onClick} @pointerdown=${this.#onDown} @pointermove=${this.#onMove}></button>
      <slot></slot>
    `;
  }

  readonly #onClick = () => {
    if (!this.#hasDragged) {
      this.height = NEXT[this.height];
    }
  };

  readonly #onDown = (event: PointerEvent) => {
    this.#hasDragged = false;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  /** The sheet gets the height that is nearest to the pointer. */
  readonly #onMove = (event: PointerEvent) => {
    const grip = event.currentTarget as HTMLElement;
    const parent = this.parentElement?.getBoundingClientRect();
    if (grip.hasPointerCapture(event.pointerId) && parent && (this.#hasDragged || Math.abs(event.movementY) > MIN_DRAG_PIXELS)) {
      this.#hasDragged = true;
      const share = (parent.bottom - event.clientY) / parent.height;
      this.height = share > 0.75 ? 'full' : share > 0.25 ? 'half' : 'closed';
    }
  };
}

customElements.define('st-sheet', Sheet);

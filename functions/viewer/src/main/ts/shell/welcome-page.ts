import { LitElement, css, html, svg } from 'lit';
import { property } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import type { Session } from '../session/session.ts';
import { controls } from '../styles/controls.ts';

/** What Steptrail is, for visitors who are not signed in. */
export class WelcomePage extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      grid-template-columns: minmax(300px, 440px) minmax(0, 620px);
      flex: 1;
      align-content: center;
      align-items: center;
      justify-content: center;
      gap: 56px;
      padding: var(--st-space-6);
    }

    h1 {
      font-size: 26px;
      letter-spacing: -0.015em;
      text-wrap: balance;
    }

    .lead {
      margin: 12px 0 20px;
      font-size: 15px;
    }

    dl {
      display: grid;
      gap: 12px;
      margin: 0 0 28px;
    }

    dt {
      font-weight: 600;
    }

    .primary {
      height: 36px;
      padding: 0 18px;
      font-size: 14px;
    }

    .picture {
      width: 100%;
      height: auto;
      border: 1px solid var(--st-border);
      border-radius: 8px;
      background: var(--st-surface);
    }

    @media (width < 900px) {
      :host {
        grid-template-columns: minmax(0, 520px);
        gap: 32px;
      }

      .picture {
        order: -1;
      }
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property({ attribute: false }) session!: Session;

  override render() {
    const t = this.t.shell;
    return html`
      <div>
        <h1>${t.welcome}</h1>
        <p class="lead muted">${t.welcomeText}</p>
        <dl>${t.welcomePoints.map(([term, text]) => html`<div><dt>${term}</dt><dd class="muted">${text}</dd></div>`)}</dl>
        <button class="primary" @click=${this.#signIn}>${t.signIn}</button>
      </div>
      ${picture(t.welcomePicture)}
    `;
  }

  readonly #signIn = async () => {
    await this.session.signIn(null);
  };
}

/** A sketch of the task page, in the colours of the theme. */
function picture(label: string) {
  const strip = Array.from({ length: 14 }, (_, index) => index);
  const rows = Array.from({ length: 7 }, (_, index) => index);
  const bars = [[0, 46], [50, 90], [144, 22], [170, 60]] as const;
  return html`
    <svg class="picture" viewBox="0 0 620 390" role="img" aria-label=${label}>
      <rect width="620" height="26" fill="var(--st-surface-2)"/>
      <circle cx="14" cy="13" r="4" fill="var(--st-accent)"/>
      <rect x="26" y="10" width="150" height="6" rx="3" fill="var(--st-border-control)" opacity="0.6"/>
      <rect x="520" y="7" width="86" height="12" rx="6" fill="var(--st-failure-quiet)"/>
      ${strip.map((index) => svg`<rect x=${14 + index * 43} y="36" width="34" height="54" rx="3"
        fill=${index === 9 ? 'var(--st-accent-quiet)' : 'var(--st-surface-2)'}
        stroke=${index === 9 ? 'var(--st-accent)' : 'var(--st-border)'} stroke-width=${index === 9 ? 2 : 1}/>`)}
      ${rows.map((index) => svg`<rect x="14" y=${112 + index * 38} width="150" height="28" rx="4"
        fill=${index === 3 ? 'var(--st-accent-quiet)' : 'transparent'}/>
        <circle cx="28" cy=${126 + index * 38} r="4" fill=${index === 5 ? 'var(--st-failure)' : 'var(--st-success)'}/>
        <rect x="40" y=${123 + index * 38} width=${72 + ((index * 37) % 44)} height="6" rx="3" fill="var(--st-border-control)" opacity="0.55"/>`)}
      <rect x="182" y="104" width="190" height="276" fill="var(--st-stage)"/>
      <rect x="218" y="116" width="118" height="252" rx="12" fill="var(--st-surface)" stroke="var(--st-border-control)"/>
      <rect x="230" y="140" width="94" height="26" rx="5" fill="var(--st-surface-2)"/>
      <rect x="230" y="176" width="94" height="26" rx="5" fill="var(--st-surface-2)"/>
      <rect x="230" y="212" width="94" height="26" rx="5" fill="var(--st-accent-quiet)"/>
      <circle cx="292" cy="225" r="13" fill="none" stroke="var(--st-accent)" stroke-width="2.5"/>
      <circle cx="292" cy="225" r="4" fill="var(--st-accent)"/>
      <rect x="392" y="112" width="120" height="8" rx="4" fill="var(--st-border-control)"/>
      <rect x="392" y="134" width="214" height="6" rx="3" fill="var(--st-border-control)" opacity="0.5"/>
      <rect x="392" y="148" width="190" height="6" rx="3" fill="var(--st-border-control)" opacity="0.5"/>
      <rect x="392" y="162" width="120" height="6" rx="3" fill="var(--st-border-control)" opacity="0.5"/>
      ${bars.map(([start, length], index) => svg`<rect x=${392 + start * 0.9} y=${196 + index * 20} width=${length * 0.9} height="10" rx="3"
        fill=${index === 1 ? 'var(--st-accent)' : 'var(--st-border-control)'} opacity="0.8"/>`)}
    </svg>`;
}

customElements.define('st-welcome-page', WelcomePage);

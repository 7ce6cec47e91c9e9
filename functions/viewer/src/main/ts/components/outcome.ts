import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { icon, type IconName } from './icons.ts';
import { outcomeOf, type OutcomeKind, type TaskOutcome } from './outcome-of.ts';

const ICONS: Readonly<Record<OutcomeKind, IconName>> = {
  success: 'check',
  failure: 'cross',
  unclear: 'half',
  running: 'running',
  cancelled: 'stop',
  abandoned: 'abandoned',
  archived: 'archive',
  ended: 'stop',
};

/** The outcome of a task: an icon and a word, whether a verdict confirms it, and whether claim and verdict disagree. */
export class OutcomeBadge extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      align-items: center;
      vertical-align: middle;
    }

    .badge {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      height: 20px;
      padding: 0 7px 0 5px;
      border: 1px solid color-mix(in srgb, var(--colour) 45%, transparent);
      border-radius: var(--st-radius-chip);
      color: var(--colour);
      font-size: var(--st-size-small);
      font-weight: 500;
      line-height: 1;
      white-space: nowrap;
    }

    .verified {
      border-color: transparent;
      background: var(--quiet);
    }

    .icon {
      width: 13px;
      height: 13px;
      flex: none;
    }

    .success {
      --colour: var(--st-success);
      --quiet: var(--st-success-quiet);
    }

    .failure {
      --colour: var(--st-failure);
      --quiet: var(--st-failure-quiet);
    }

    .unclear,
    .abandoned {
      --colour: var(--st-warning);
      --quiet: var(--st-warning-quiet);
    }

    .running {
      --colour: var(--st-accent);
      --quiet: var(--st-accent-quiet);
    }

    .cancelled,
    .archived,
    .ended {
      --colour: var(--st-text-muted);
      --quiet: var(--st-surface-2);
    }

    .running .icon:first-child {
      animation: pulse 1.6s ease-in-out infinite;
    }

    .disagreement {
      display: inline-flex;
      margin-left: 4px;
      color: var(--st-warning);
    }

    @keyframes pulse {
      50% {
        opacity: 0.35;
      }
    }

    @media (prefers-reduced-motion: reduce) {
      .running .icon:first-child {
        animation: none;
      }
    }
  `;

  @property({ attribute: false }) t!: Texts;
  @property({ attribute: false }) task!: TaskOutcome;

  override render() {
    const { kind, isVerified, disagreement } = outcomeOf(this.task);
    const { outcome, outcomeHint, verdict } = this.t.common;
    const hint = isVerified ? outcomeHint.verified : kind === 'success' || kind === 'failure' ? outcomeHint.claimed : undefined;
    return html`
      <span class="badge ${kind} ${isVerified ? 'verified' : ''}" title=${hint ?? nothing}>
        ${icon(ICONS[kind])}<span part="word">${outcome[kind]}</span>${isVerified ? icon('verified', outcomeHint.verified) : nothing}
      </span>
      ${disagreement
        ? html`<span class="disagreement">${icon('warning', outcomeHint.disagreement(
          disagreement.claimedSuccess ? outcomeHint.claimedSuccess : outcomeHint.claimedFailure, verdict[disagreement.verdict]))}</span>`
        : nothing}
    `;
  }
}

customElements.define('st-outcome', OutcomeBadge);

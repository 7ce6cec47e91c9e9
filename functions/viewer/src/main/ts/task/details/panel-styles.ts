import { css } from 'lit';

/** Styles of the panels beside the screen. */
export const panelStyles = css`
  :host {
    display: grid;
    align-content: start;
    gap: 16px;
    max-width: 860px;
    padding: 14px 16px 24px;
  }

  section {
    min-width: 0;
  }

  h3 {
    margin-bottom: 5px;
    color: var(--st-text-muted);
    font-size: var(--st-size-caption);
    font-weight: 600;
    letter-spacing: 0.03em;
    text-transform: uppercase;
  }

  .facts {
    display: grid;
    grid-template-columns: fit-content(40%) minmax(0, 1fr);
    gap: 3px 14px;
  }

  .facts dt {
    min-width: 86px;
    overflow-wrap: anywhere;
    color: var(--st-text-muted);
  }

  .facts dd {
    overflow-wrap: anywhere;
  }

  .error {
    padding: 8px 10px;
    border-left: 3px solid var(--st-failure);
    border-radius: 2px;
    background: var(--st-failure-quiet);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }

  .chip {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    height: 24px;
    padding: 0 3px 0 9px;
    border: 1px solid var(--st-border);
    border-radius: var(--st-radius-chip);
    background: var(--st-surface);
    font-size: var(--st-size-small);
  }

  .chip.plain {
    padding-right: 9px;
  }

  .chip button {
    min-width: 20px;
    width: 20px;
    height: 20px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
  }

  .chip .icon {
    width: 11px;
  }
`;

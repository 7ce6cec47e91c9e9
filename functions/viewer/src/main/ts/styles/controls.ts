import { css } from 'lit';

/** The styles of plain elements (links, buttons, fields, headings, code), for each shadow root that contains them. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  a {
    color: var(--st-accent);
    text-decoration: none;
    border-radius: 2px;
  }

  a:hover,
  p a {
    text-decoration: underline;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  pre {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h1,
  h2 {
    font-size: var(--st-size-heading);
    font-weight: 600;
    line-height: 1.3;
  }

  h3 {
    font-size: var(--st-size);
    font-weight: 600;
  }

  button,
  input,
  select,
  textarea {
    margin: 0;
    border: 1px solid var(--st-border-control);
    border-radius: var(--st-radius);
    background: var(--st-surface);
    color: inherit;
    font: inherit;
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--st-space-2);
    min-width: var(--st-control);
    height: var(--st-control);
    padding: 0 10px;
    border-color: var(--st-border);
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
    transition: background-color var(--st-motion);
  }

  .button {
    border: 1px solid var(--st-border);
    border-radius: var(--st-radius);
    background: var(--st-surface);
    color: inherit;
  }

  button:hover,
  .button:hover {
    background: var(--st-surface-2);
    text-decoration: none;
  }

  button:disabled {
    color: var(--st-text-muted);
    opacity: 0.6;
    cursor: default;
  }

  button.primary,
  .button.primary {
    border-color: var(--st-accent);
    background: var(--st-accent);
    color: var(--st-on-accent);
  }

  button.primary:hover,
  .button.primary:hover {
    background: color-mix(in srgb, var(--st-accent), var(--st-text) 12%);
  }

  button.danger {
    border-color: var(--st-failure);
    color: var(--st-failure);
  }

  button.danger:hover {
    background: var(--st-failure-quiet);
  }

  /* A button that is only an icon or a word, without a border. */
  button.plain,
  .button.plain {
    border-color: transparent;
    background: transparent;
  }

  button.plain:hover,
  .button.plain:hover {
    background: color-mix(in srgb, var(--st-text) 7%, transparent);
  }

  button.icon {
    padding: 0;
    width: var(--st-control);
  }

  button[aria-pressed='true'] {
    border-color: var(--st-accent);
    background: var(--st-accent-quiet);
    color: var(--st-accent);
  }

  /* Buttons of which each is one choice. */
  .segments {
    display: inline-flex;
  }

  .segments button {
    border-radius: 0;
  }

  .segments button + button {
    margin-left: -1px;
  }

  .segments button:first-child {
    border-radius: var(--st-radius) 0 0 var(--st-radius);
  }

  .segments button:last-child {
    border-radius: 0 var(--st-radius) var(--st-radius) 0;
  }

  .segments [aria-pressed='true'] {
    z-index: 1;
  }

  input[type='text'],
  input[type='search'],
  input[type='number'],
  input[type='date'],
  input[type='datetime-local'],
  select,
  textarea {
    height: var(--st-control);
    padding: 0 8px;
    min-width: 0;
  }

  /* A label with an icon and a search field. */
  .search {
    position: relative;
  }

  .search .icon {
    position: absolute;
    top: 50%;
    left: 8px;
    color: var(--st-text-muted);
    transform: translateY(-50%);
    pointer-events: none;
  }

  .search input {
    width: 100%;
    padding-left: 28px;
  }

  textarea {
    height: auto;
    padding: 6px 8px;
    resize: vertical;
    line-height: var(--st-line);
  }

  input::placeholder,
  textarea::placeholder {
    color: var(--st-text-muted);
    opacity: 1;
  }

  input[type='checkbox'],
  input[type='radio'] {
    width: 16px;
    height: 16px;
    accent-color: var(--st-accent);
  }

  :focus-visible {
    outline: 2px solid var(--st-accent);
    outline-offset: 1px;
  }

  code,
  pre,
  .code {
    font-family: var(--st-font-code);
    font-size: 0.93em;
  }

  kbd {
    display: inline-block;
    min-width: 18px;
    padding: 0 4px;
    border: 1px solid var(--st-border);
    border-radius: 3px;
    background: var(--st-surface-2);
    color: var(--st-text-muted);
    font: var(--st-size-caption) / 16px var(--st-font-code);
    text-align: center;
  }

  .muted {
    color: var(--st-text-muted);
  }

  .small {
    font-size: var(--st-size-small);
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  /* Text for screen readers only. */
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

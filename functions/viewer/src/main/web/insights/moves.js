import { html } from '../vendor/lit-html/lit-html.js';
import { beginning } from '../excerpts.js';

const MOVE = 200;

/** What is done, one after the other. */
export function movesTemplate(moves) {
  return html`<ol>${moves.map((move) => html`<li dir="auto">${beginning(move, MOVE)}</li>`)}</ol>`;
}

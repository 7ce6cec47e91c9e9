import { css } from 'lit';

/** Styles of a screen that is as large as its frame allows. The property `--ratio` is the width divided by the height. */
export const screenStyles = css`
  .frame {
    container-type: size;
    display: grid;
    place-items: center;
    width: 100%;
    height: 100%;
  }

  .screen {
    position: relative;
    overflow: hidden;
    width: min(100cqw, 100cqh * var(--ratio));
    aspect-ratio: var(--ratio);
  }
`;

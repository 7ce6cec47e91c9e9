/** esbuild writes imported styles into the bundle's CSS file. */
declare module '*.css';

/** The library for charts, which pages load with `import('./charts.ts')`. Imports nothing else, so that it is one file. */
export { default as UPlot } from 'uplot';

/**
 * Bundles src/main/ts into the folder that StaticFiles reads: compressed scripts and styles with a hash of their content in their
 * names, app.html with these names, and the licences of the bundled packages. Fails if the bundle is too large.
 * Usage: node build.mjs [--watch]
 */
import { context } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MAX_GZIP_BYTES = 120_000; // of scripts and styles without charts
const OUTPUT = 'target/classes/dev/steptrail/viewer/web/bundle';
const watch = process.argv.includes('--watch');

const writeBundle = {
  name: 'write-bundle',
  setup({ onEnd }) {
    onEnd(({ errors, metafile, outputFiles }) => {
      if (errors.length > 0) {
        return;
      }
      rmSync(OUTPUT, { recursive: true, force: true });
      mkdirSync(OUTPUT, { recursive: true });
      const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: gzipSync(contents, { level: 9 }) }));
      checkSizes(files);
      files.forEach(({ name, bytes }) => writeFileSync(join(OUTPUT, `${name}.gz`), bytes));
      writeDocument(files.map(({ name }) => name));
      copyLicences(metafile);
    });
  },
};

/** Copies the licence of each package that is part of the bundle. */
function copyLicences({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const packages = new Set(inputs.map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean));
  for (const name of [...packages].sort()) {
    const folder = join('node_modules', name);
    const licence = readdirSync(folder).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file));
    if (!licence) {
      throw new Error(`${folder} contains no licence file`);
    }
    const copy = join(OUTPUT, 'licenses', name, 'LICENSE');
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(folder, licence), copy);
  }
}

function writeDocument(names) {
  const document = readFileSync('src/main/ts/app.html', 'utf8').replace(/\{\{(app\.(?:js|css))\}\}/g, (_, file) => {
    const [name, extension] = file.split('.');
    return names.find((candidate) => candidate.startsWith(`${name}-`) && candidate.endsWith(`.${extension}`));
  });
  writeFileSync(join(OUTPUT, 'app.html'), document);
}

function checkSizes(files) {
  const total = files.filter(({ name }) => !name.startsWith('charts-')).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const list = files.map(({ name, bytes }) => `${name} ${bytes.length}`).join(', ');
  const message = `${total} of ${MAX_GZIP_BYTES} bytes gzip without charts: ${list}`;
  if (total > MAX_GZIP_BYTES && !watch) {
    throw new Error(`The bundle is too large: ${message}`);
  }
  console.log(message);
}

const bundle = await context({
  entryPoints: ['src/main/ts/app.ts'],
  outdir: OUTPUT,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2023',
  charset: 'utf8',
  minify: !watch,
  sourcemap: watch && 'inline',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  write: false,
  plugins: [writeBundle],
});
if (watch) {
  await bundle.watch();
} else {
  try {
    await bundle.rebuild();
  } finally {
    await bundle.dispose();
  }
}

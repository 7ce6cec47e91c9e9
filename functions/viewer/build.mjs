/**
 * Bundles src/main/ts into the folder that StaticFiles reads: compressed scripts and styles with a hash of their content in their
 * names, app.html with these names, and the licences of the bundled packages. Fails if the bundle is too large.
 * Also writes the page that shows all components, for tests and contributors, into target/component-page.
 * Usage: node build.mjs [--watch]
 */
import zopfli from '@gfx/zopfli';
import { build, context } from 'esbuild';
import { minifyHTMLLiterals } from 'minify-literals';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MAX_GZIP_BYTES = 120_000; // of scripts and styles
const OUTPUT = 'target/classes/dev/steptrail/viewer/web/bundle';
const watch = process.argv.includes('--watch');

const options = {
  outdir: OUTPUT,
  entryNames: '[name]-[hash]',
  bundle: true,
  format: 'esm',
  target: 'es2023',
  charset: 'utf8',
  minify: !watch,
  sourcemap: watch && 'inline',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  write: false,
};

const writeBundle = {
  name: 'write-bundle',
  setup({ onEnd }) {
    onEnd(async ({ errors, metafile, outputFiles }) => {
      if (errors.length > 0) {
        return {};
      }
      const files = await Promise.all(outputFiles
        .map(async ({ path, contents }) => ({ name: basename(path), bytes: await compress(contents) })));
      rmSync(OUTPUT, { recursive: true, force: true });
      mkdirSync(OUTPUT, { recursive: true });
      files.forEach(({ name, bytes }) => writeFileSync(join(OUTPUT, `${name}.gz`), bytes));
      writeDocument(files.map(({ name }) => name));
      copyLicences(metafile.outputs);
      return checkSizes(files);
    });
  },
};

/**
 * Modules of Web Awesome that the viewer does not need (19 KB gzip), by the comment in them that names their source.
 * components/web-awesome.ts registers the viewer's own icons. The menu has no texts, and both languages are written from left to right.
 */
const REPLACED_MODULES = {
  'src/components/icon/library.system.ts': 'export const library_system_default = { name: "system", resolver: () => "" };',
  'src/components/icon/library.default.ts': 'export const library_default_default = { name: "default", resolver: () => "" };',
  'src/components/icon/icon.styles.ts': `import { css } from "lit";
    export const icon_styles_default = css\`:host{display:inline-flex;width:1.25em;height:1em;align-items:center;justify-content:center}
    svg{height:1em}\`;`,
  'src/utilities/localize.ts': `export class LocalizeController { dir() { return "ltr"; } }
    export const registerTranslation = () => {};`,
  'src/translations/en.ts': 'export const en_default = {};',
};

/** Only what changes nothing that a user sees: spaces between elements are visible, and elements of SVG need their slash. */
const HTML_OPTIONS = {
  collapseWhitespace: true,
  conservativeCollapse: true,
  keepClosingSlash: true,
  removeEmptyAttributes: false,
  removeDefaultTypeAttributes: false,
};

/** Minifies the HTML and CSS in template literals, which esbuild leaves as they are (3 KB gzip), and replaces modules. */
const minifyTemplates = {
  name: 'minify-templates',
  setup({ onLoad, onEnd }) {
    const unusedReplacements = new Set(Object.keys(REPLACED_MODULES));
    onLoad({ filter: /(src\/main\/ts\/.+\.ts|@awesome\.me\/webawesome\/dist\/.+\.js)$/ }, async ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const replaced = Object.keys(REPLACED_MODULES).find((name) => source.includes(`\n// ${name}\n`));
      const loader = path.endsWith('.ts') ? 'ts' : 'js';
      if (replaced) {
        unusedReplacements.delete(replaced);
        return { contents: REPLACED_MODULES[replaced], loader };
      }
      if (watch) {
        return undefined; // keeps the line numbers
      }
      const minified = await minifyHTMLLiterals(source, { fileName: path, html: HTML_OPTIONS });
      return { contents: minified?.code ?? source, loader };
    });
    onEnd(() => ({ errors: [...unusedReplacements].map((name) => ({ text: `No module has the comment "// ${name}"` })) }));
  },
};

/** Copies the licence of each package that is part of the bundle. NOTICE lists these packages. */
function copyLicences(outputs) {
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
  const document = readFileSync('src/main/ts/app.html', 'utf8').replace(/\{\{(\w+\.(?:js|css|svg))\}\}/g, (_, file) => {
    const [name, extension] = file.split('.');
    return names.find((candidate) => candidate.startsWith(`${name}-`) && candidate.endsWith(`.${extension}`));
  });
  writeFileSync(join(OUTPUT, 'app.html'), document);
}

/** Zopfli's files are 5 % smaller than zlib's, and take some seconds. */
function compress(contents) {
  return watch ? gzipSync(contents) : zopfli.gzipAsync(contents, {});
}

function checkSizes(files) {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const list = files.map(({ name, bytes }) => `${name} ${bytes.length}`).join(', ');
  if (watch) {
    console.log(`Bundled, not minified: ${list}`);
    return {};
  }
  const message = `${total} of ${MAX_GZIP_BYTES} bytes gzip: ${list}`;
  if (total > MAX_GZIP_BYTES) {
    return { errors: [{ text: `The bundle is too large: ${message}` }] };
  }
  console.log(message);
  return {};
}

await build({
  ...options,
  entryPoints: ['src/test/ts/component-page.ts', 'src/test/ts/component-page.html'],
  entryNames: '[name]',
  loader: { '.html': 'copy' },
  outdir: 'target/component-page',
  metafile: false,
  write: true,
  plugins: [minifyTemplates],
});

const bundle = await context({
  ...options,
  entryPoints: ['src/main/ts/app.ts', 'src/main/ts/icon.svg'],
  loader: { '.svg': 'copy' },
  plugins: [minifyTemplates, writeBundle],
});
if (watch) {
  await bundle.watch();
} else {
  try {
    await bundle.rebuild();
  } catch {
    process.exitCode = 1; // esbuild has printed the errors
  } finally {
    await bundle.dispose();
  }
}

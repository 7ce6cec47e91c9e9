/** Installs the packages of package-lock.json into node_modules, unless they are those of the last installation. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';

const lock = 'package-lock.json';
const installed = 'node_modules/.installed-package-lock.json';

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(lock))) {
  const npm = 'target/node/node_modules/npm/bin/npm-cli.js';
  execFileSync(process.execPath, [npm, 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' });
  copyFileSync(lock, installed);
}

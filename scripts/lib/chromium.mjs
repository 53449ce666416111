import {
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { requireFreeSpace } from './disk.mjs';
import { capture, onStop } from './lifetime.mjs';
import { withLock } from './lock.mjs';
import { CACHE } from './paths.mjs';
import { Explained, say } from './say.mjs';

const require = createRequire(import.meta.url);

/**
 * Unpacks Chromium, its fonts and libraries. The package unpacks into the
 * temporary folder and takes whatever is there already for finished, so it gets
 * a temporary folder of its own, which is renamed when it is complete.
 */
const UNPACK = `
  import chromium, { inflate } from '@sparticuz/chromium';
  import { fileURLToPath } from 'node:url';
  const entry = import.meta.resolve('@sparticuz/chromium');
  const libraries = new URL('../../bin/al2023.tar.br', entry);
  await Promise.all([
    chromium.executablePath(),
    inflate(fileURLToPath(libraries)),
  ]);
`;

/** The machine's fonts, if it has any, and those of the package. */
function fontconfig(folder) {
  const escaped = folder.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${escaped}</dir>
</fontconfig>
`;
}

/** The folder with the unpacked browser. */
async function unpacked() {
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = require(join(entry, '../../../package.json'));
  const folder = join(CACHE, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    say('unpacking Chromium ...');
    requireFreeSpace(CACHE, 1024 ** 3 / 2, 'Chromium');
    const aside = `${folder}.new`;
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside);
    const { code, output } = await capture(
      process.execPath,
      ['--input-type=module', '--eval', UNPACK],
      { cwd: import.meta.dirname, env: { ...process.env, TMPDIR: aside } },
    );
    if (code !== 0) {
      throw new Explained(`Chromium could not be unpacked: ${output.trim()}`);
    }
    writeFileSync(join(aside, 'fonts.conf'), fontconfig(join(folder, 'fonts')));
    renameSync(aside, folder);
  });
  return folder;
}

const ARGUMENTS = [
  // Its sandbox needs user namespaces, which root and most containers lack.
  '--no-sandbox',
  '--disable-background-networking',
  '--font-render-hinting=none',
  // /dev/shm is 64 MB in a container.
  '--disable-dev-shm-usage',
];

/**
 * Starts headless Chromium; it is closed when the command ends.
 *
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser() {
  const folder = await unpacked();
  const launch = env =>
    chromium.launch({
      executablePath: join(folder, 'chromium'),
      args: ARGUMENTS,
      env: {
        ...process.env,
        FONTCONFIG_FILE: join(folder, 'fonts.conf'),
        ...env,
      },
      // The command decides what a signal stops, and in which order.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  let browser;
  try {
    browser = await launch({});
  } catch (error) {
    if (!/error while loading shared libraries/.test(error.message)) {
      throw error;
    }
    browser = await launch({ LD_LIBRARY_PATH: join(folder, 'al2023/lib') });
  }
  const forget = onStop(() => browser.close());
  browser.once('disconnected', forget);
  return browser;
}

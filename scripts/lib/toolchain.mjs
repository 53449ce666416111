import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { requireFreeSpace } from './disk.mjs';
import { capture } from './lifetime.mjs';
import { withLock } from './lock.mjs';
import { ROOT, TOOLS } from './paths.mjs';
import { Explained, say } from './say.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';
import { NODE_VERSION, YARN_VERSION } from './versions.mjs';

const GB = 1024 ** 3;

/**
 * The package of the npm registry that holds the Node executable of a platform.
 * The package named just `node` would run an install script to fetch the same.
 */
export function nodePackage(platform = process.platform, arch = process.arch) {
  const prefix =
    platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${arch}`;
}

const BIN = join(TOOLS, 'node_modules/.bin');

/**
 * The Node to run Skein under: the one brought along, or the running one if it
 * is of the same major version already.
 */
export function nodeExecutable() {
  const [ours] = NODE_VERSION.split('.');
  const [theirs] = process.versions.node.split('.');
  return ours === theirs ? process.execPath : join(BIN, 'node');
}

/** An environment whose path finds our Node and Yarn first. */
export function toolEnvironment(env = process.env) {
  return {
    ...env,
    PATH: [dirname(nodeExecutable()), BIN, env.PATH]
      .filter(Boolean)
      .join(delimiter),
  };
}

const OFFLINE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ECONNRESET/;

/**
 * Says why a package manager failed.
 *
 * @param {string} what - As it reads in the sentence: "bring Node and Yarn".
 * @param {string} output - All that it printed.
 */
export function explainInstall(what, output) {
  if (/ENOSPC|no space left on device|EDQUOT/i.test(output)) {
    return new Explained(
      `the disk is full, so Skein could not ${what}; free some space and run this again.`,
    );
  }
  const offline = OFFLINE.exec(output);
  if (offline) {
    return new Explained(
      `the npm registry could not be reached (${offline[0]}), so Skein could not ${what}; ` +
        'check the network or the registry in your npm settings and run this again.',
    );
  }
  if (/YN0028/.test(output)) {
    return new Explained(
      `yarn.lock does not fit the package.json files, so Skein could not ${what}; ` +
        "run 'yarn install' and commit yarn.lock.",
    );
  }
  return new Explained(`Skein could not ${what}; the reason stands above.`);
}

async function install(what, command, args) {
  const { code, output } = await capture(command, args, {
    cwd: ROOT,
    env: toolEnvironment(),
    onOutput: text => process.stdout.write(text),
  }).catch(error => {
    throw new Explained(`Skein could not ${what}: ${error.message}.`, {
      cause: error,
    });
  });
  if (code !== 0) throw explainInstall(what, output);
}

/** Brings Node and Yarn into `.tools/`. */
async function bringTools() {
  const packages = [`@yarnpkg/cli-dist@${YARN_VERSION}`];
  // What is not named is removed, and this very process, or a portal that was
  // started before, may run under the Node that was brought.
  if (
    nodeExecutable() !== process.execPath ||
    existsSync(join(TOOLS, 'node_modules', nodePackage()))
  ) {
    packages.push(`${nodePackage()}@${NODE_VERSION}`);
  }
  const stampFile = join(TOOLS, 'stamp');
  const hash = hashOf(ROOT, [], packages);
  if (isStamped(stampFile, hash)) return;
  say(`bringing ${packages.join(' and ')} from the npm registry ...`);
  requireFreeSpace(ROOT, GB / 2, 'Node and Yarn');
  await install('bring Node and Yarn', 'npm', [
    'install',
    '--prefix',
    TOOLS,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error',
    ...packages,
  ]);
  stamp(stampFile, hash);
}

/** What decides the content of node_modules. */
function dependencyFiles() {
  const folders = ['packages', 'plugins', 'examples/modules'];
  const workspaces = folders.flatMap(folder => {
    const path = join(ROOT, folder);
    return existsSync(path)
      ? readdirSync(path).map(name => join(path, name))
      : [];
  });
  return [
    'yarn.lock',
    '.yarnrc.yml',
    'package.json',
    ...workspaces.map(path => join(path, 'package.json')),
  ].map(file => (file.startsWith(ROOT) ? file : join(ROOT, file)));
}

/** Runs `yarn install` unless node_modules is what yarn.lock says already. */
async function installDependencies() {
  const stampFile = join(ROOT, 'node_modules/.skein-stamp');
  const hash = hashOf(ROOT, dependencyFiles(), [
    process.platform,
    process.arch,
  ]);
  if (isStamped(stampFile, hash)) return;
  const first = !existsSync(join(ROOT, 'node_modules/.yarn-state.yml'));
  say(
    first
      ? 'installing the dependencies; the first time takes a minute or two ...'
      : 'bringing the dependencies up to date ...',
  );
  if (first) requireFreeSpace(ROOT, 4 * GB, 'the first installation');
  const yarn = createRequire(join(TOOLS, 'stamp')).resolve(
    '@yarnpkg/cli-dist/bin/yarn.js',
  );
  await install('install the dependencies', nodeExecutable(), [
    yarn,
    'install',
    '--immutable',
  ]);
  stamp(stampFile, hash);
}

/**
 * Brings everything a command needs, from the npm registry alone. The second
 * time it only compares two hashes.
 */
export async function prepareToolchain() {
  await withLock(
    join(TOOLS, 'lock'),
    async () => {
      await bringTools();
      await installDependencies();
    },
    holder => say(`waiting for process ${holder}, which installs already ...`),
  );
}

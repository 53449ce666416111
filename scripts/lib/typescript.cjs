const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { setSourceMapsSupport } = require('node:module');
const { join } = require('node:path');
const { threadId } = require('node:worker_threads');

/*
 * What a process is started with that runs TypeScript: the transform of
 * `backstage-cli package start`, whose results are kept until a file changes.
 * Backends consist of many hundred files, and tests start many backends.
 */

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'node_modules/.cache/skein/typescript');

const sha256 = text => createHash('sha256').update(text).digest('hex');

// Stacks name lines of our own files. --enable-source-maps reads the maps of all
// packages, too.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });

require('@backstage/cli/config/nodeTransform.cjs');

const transform = require.extensions['.ts'];
/** Of the transform and all that it consists of. */
const versions = sha256(fs.readFileSync(join(ROOT, 'yarn.lock')));
fs.mkdirSync(FOLDER, { recursive: true });

require.extensions['.ts'] = (module, filename) => {
  const key = sha256(versions + fs.readFileSync(filename, 'utf8'));
  const file = join(FOLDER, sha256(filename));
  const kept = read(file);
  if (kept.startsWith(key)) {
    module._compile(kept.slice(key.length), filename);
    return;
  }
  const compile = module._compile;
  module._compile = (code, ...rest) => {
    module._compile = compile;
    write(file, key + code);
    module._compile(code, ...rest);
  };
  transform(module, filename);
};

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** At once, as others read and write it. */
function write(file, text) {
  const draft = `${file}.${process.pid}.${threadId}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

/** Owner and branch of every repository. */
const OWNER = 'airline';
const BRANCH = 'main';

/**
 * Plays a git host: each subfolder is a repository of the owner `airline` with the
 * branch `main`. It answers what portals ask a Gitea server for when they read code,
 * and shows the files to people who follow _View source_.
 *
 * @param {string} folder
 */
export function createSourceSite(folder) {
  return {
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @returns {Promise<boolean>} false when the address is none of its own
     */
    async serve(request, response) {
      const asked = parse(new URL(request.url, 'http://localhost').pathname);
      if (!asked) return false;
      const files = await readRepository(join(folder, asked.repository));
      const file = files?.find(({ path }) => path === asked.path);
      if (!files || (asked.path && !file)) {
        response.writeHead(404).end();
      } else if (asked.as === 'commit') {
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ sha: stateOf(files) }));
      } else if (asked.as === 'archive') {
        response.writeHead(200, { 'content-type': 'application/gzip' });
        await pipeline(
          archive(asked.repository, files),
          createGzip(),
          response,
        );
      } else {
        response
          .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
          .end(file?.content ?? files.map(({ path }) => path).join('\n'));
      }
      return true;
    },
  };
}

const API = new RegExp(
  `^/api/v1/repos/${OWNER}/([\\w-]+)/(?:(git/commits/${BRANCH})|archive/${BRANCH}\\.tar\\.gz)$`,
);
const PAGE = new RegExp(`^/${OWNER}/([\\w-]+)/src/branch/${BRANCH}(?:/(.*))?$`);

function parse(pathname) {
  const api = API.exec(pathname);
  if (api) {
    return { repository: api[1], as: api[2] ? 'commit' : 'archive' };
  }
  const page = PAGE.exec(pathname);
  return page && { repository: page[1], as: 'page', path: page[2] };
}

/** Its files by path, or undefined when there is no such folder. */
async function readRepository(folder) {
  try {
    const entries = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    const names = entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath ?? entry.path, entry.name))
      .sort();
    return await Promise.all(
      names.map(async name => ({
        path: relative(folder, name).split(sep).join('/'),
        content: await readFile(name),
      })),
    );
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Another one whenever a file is another one, as that of a commit is. */
function stateOf(files) {
  const hash = createHash('sha1');
  for (const { path, content } of files) {
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Below one folder, as git hosts do it. */
function archive(repository, files) {
  const tar = pack();
  for (const { path, content } of files) {
    tar.entry({ name: `${repository}/${path}` }, content);
  }
  tar.finalize();
  return tar;
}

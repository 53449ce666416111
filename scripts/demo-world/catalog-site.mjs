import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

/** The addresses of the demo server as they stand in the catalog files. */
const WRITTEN_ORIGIN = /(http:\/\/(?:127\.0\.0\.1|localhost)):7099\b/g;

/**
 * Serves the YAML files of a folder, as the catalog resolves `$text` next to
 * URLs only. Where the files name the demo server, its real address is put in:
 * this is the one place that knows of another port.
 *
 * @param {string} folder
 * @param {() => number} port - Of the demo server.
 */
export function createCatalogSite(folder, port) {
  return {
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @returns {Promise<boolean>} false when there is no such file
     */
    async serve(request, response) {
      const { pathname } = new URL(request.url, 'http://localhost');
      const text = await readYaml(folder, pathname);
      if (text === undefined) {
        return false;
      }
      const body = text.replaceAll(WRITTEN_ORIGIN, `$1:${port()}`);
      const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
      if (request.headers['if-none-match'] === etag) {
        response.writeHead(304).end();
        return true;
      }
      response
        .writeHead(200, { 'content-type': 'text/yaml; charset=utf-8', etag })
        .end(body);
      return true;
    },
  };
}

/** The file's text, or undefined when there is none in the folder. */
async function readYaml(folder, path) {
  const file = resolve(folder, `.${path}`);
  const inside = relative(folder, file);
  if (inside.startsWith('..') || isAbsolute(inside) || !/\.ya?ml$/.test(file)) {
    return undefined;
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

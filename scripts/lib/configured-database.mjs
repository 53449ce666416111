import { ConfigSources } from '@backstage/config-loader';
import { Explained } from './say.mjs';

/**
 * The PostgreSQL that the user configured by `backend.database`, in a file or
 * by APP_CONFIG_backend_database..., or undefined if there is none.
 *
 * @param {string[]} files - Config files.
 * @returns {Promise<{ connectionString: string } | undefined>} as a URL, for
 *   the demo's own tables.
 */
export async function configuredDatabase(files) {
  const config = await ConfigSources.toConfig(
    ConfigSources.default({
      argv: files.flatMap(file => ['--config', file]),
      // Values of the demo that are not known yet; none is of interest here.
      substitutionFunc: async name => process.env[name] ?? '',
    }),
  );
  try {
    const database = config.getOptionalConfig('backend.database');
    if (!database) return undefined;
    const client = database.getString('client');
    if (client !== 'pg') {
      throw new Explained(
        `backend.database.client is '${client}', but Skein needs PostgreSQL: set it to 'pg', or remove backend.database to use the PostgreSQL that npm start brings.`,
      );
    }
    return { connectionString: connectionStringOf(database) };
  } finally {
    config.close();
  }
}

/** @param {import('@backstage/config').Config} database */
export function connectionStringOf(database) {
  const connection = database.get('connection');
  if (typeof connection === 'string') return connection;
  if (connection.connectionString) return connection.connectionString;
  const { host, port, user, password, database: name } = connection;
  const url = new URL('postgresql://localhost');
  url.hostname = host ?? process.env.PGHOST ?? 'localhost';
  url.port = String(port ?? process.env.PGPORT ?? 5432);
  url.username = encodeURIComponent(user ?? process.env.PGUSER ?? '');
  url.password = encodeURIComponent(password ?? process.env.PGPASSWORD ?? '');
  url.pathname = `/${name ?? 'postgres'}`;
  return url.toString();
}

import { Client } from 'pg';

/**
 * Does something with the plugin's own database.
 *
 * @param connectionString - of any database of the portal's server
 * @returns what `act` gave
 */
export async function withPluginDatabase<T>(
  connectionString: string,
  act: (client: Client) => Promise<T>,
): Promise<T> {
  const plugin = new URL(connectionString);
  plugin.pathname = '/backstage_plugin_dataset-migrations';
  const client = new Client({ connectionString: plugin.href });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

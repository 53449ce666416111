import { Client } from 'pg';

/**
 * Does something with the plugin's own database.
 *
 * @param connectionString - of any database of the portal's server
 */
export async function withPluginDatabase(
  connectionString: string,
  act: (client: Client) => Promise<unknown>,
): Promise<void> {
  const plugin = new URL(connectionString);
  plugin.pathname = '/backstage_plugin_dataset-migrations';
  const client = new Client({ connectionString: plugin.href });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}

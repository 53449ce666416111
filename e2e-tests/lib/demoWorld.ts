import { prepareDemo } from '../../scripts/lib/demo.mjs';
import { buildFrontend } from '../../scripts/lib/frontend.mjs';
import { portalConfigs } from '../../scripts/lib/portal.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { eventually } from './eventually';
import { startWorld, World } from './world';

/** The demo portal, pages included, as `npm start` has it. */
export interface DemoWorld extends World {
  /** Folder of the file datasets. */
  filesRoot: string;
  /** PostgreSQL URL of the database with the tables. */
  warehouse: string;
  /** What the consumers' webhooks got; the demo server verified each signature. */
  callbacks(): Promise<
    Array<{ path: string; verified: boolean; event: { type: string } }>
  >;
}

export async function startDemoWorld(
  name: string,
  options: { config?: object } = {},
): Promise<DemoWorld> {
  const built = buildFrontend();
  let env: Record<string, string> = {};
  let server = '';
  const world = await startWorld({
    name,
    configs: portalConfigs(),
    config: options.config,
    async prepare({ dir, connectionString }) {
      const [demo] = await Promise.all([
        prepareDemo({
          adminConnectionString: connectionString,
          dir: `${dir}/demo`,
          port: await freePort(),
        }),
        built,
      ]);
      env = demo.env;
      server = demo.url;
      return { env };
    },
  });
  await eventually('the read model has the datasets', async () => {
    const { totalItems } = await world.client.listDatasets();
    return totalItems >= 6;
  });
  return Object.assign(world, {
    filesRoot: env.SKEIN_DEMO_FILES,
    warehouse: env.SKEIN_DEMO_WAREHOUSE,
    async callbacks() {
      const response = await fetch(`${server}/callbacks`);
      return (await response.json()).items;
    },
  });
}

import { startDemoReceiver } from '../../scripts/demo-receiver.mjs';
import { prepareDemoWorld } from '../../scripts/demo-world.mjs';
import { reportRun } from '../../scripts/demo-world/scheduler.mjs';
import { signIn } from '../../scripts/lib/api';
import { buildFrontend } from '../../scripts/lib/frontend.mjs';
import { portalConfigs } from '../../scripts/lib/portal.mjs';
import { say } from '../../scripts/lib/say.mjs';
import { eventually } from '../../scripts/lib/eventually';
import { startWorld, World } from './world';

/** The demo portal, pages included, as `npm start` has it. */
export interface DemoWorld extends World {
  /** Folder of the file datasets. */
  filesRoot: string;
  /** PostgreSQL URL of the database with the tables. */
  warehouse: string;
  /** Reports a run of the delay dashboard's job, as the airline's scheduler would. */
  reportRun(): Promise<void>;
  /** What the consumers' webhooks got; the demo server verified each signature. */
  callbacks(): Array<{
    path: string;
    verified: boolean;
    event: { type: string };
  }>;
}

export async function startDemoWorld(
  name: string,
  options: { config?: object } = {},
): Promise<DemoWorld> {
  const built = buildFrontend();
  let env: Record<string, string> = {};
  let callbacks: DemoWorld['callbacks'];
  const world = await startWorld({
    name,
    configs: portalConfigs(),
    config: options.config,
    async prepare({ dir, connectionString }) {
      const demo = await prepareDemoWorld({
        adminConnectionString: connectionString,
        dir: `${dir}/demo`,
        log: say,
      });
      const receiver = await startDemoReceiver({ secret: demo.webhookSecret });
      env = { ...demo.env, ...receiver.env };
      callbacks = receiver.callbacks as DemoWorld['callbacks'];
      await built;
      return { env };
    },
  });
  await eventually('the read model has the datasets', async () => {
    const { totalItems } = await world.client.listDatasets();
    return totalItems >= 8;
  });
  return Object.assign(world, {
    filesRoot: env.SKEIN_DEMO_FILES,
    warehouse: env.SKEIN_DEMO_WAREHOUSE,
    reportRun: async () => {
      const { url } = world.portal;
      // The scheduler's token is not among those of this world; Grace may, too.
      const token = await signIn(url, 'user:default/grace');
      await reportRun({ portalUrl: url, token });
    },
    callbacks: () => callbacks(),
  });
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../lib/bootstrap.mjs';
import { prepareDemo } from '../lib/demo.mjs';
import { launch } from '../lib/lifetime.mjs';
import { ROOT, STATE } from '../lib/paths.mjs';
import { requirePort } from '../lib/ports.mjs';
import { databaseConfig, portalConfigs, writeConfig } from '../lib/portal.mjs';
import { Explained, say } from '../lib/say.mjs';

const PAGES = 3000;
const BACKEND = 7007;

/** `backstage-cli package start`, which starts anew when its sources change. */
function develop(name, configs, env) {
  return launch(
    process.execPath,
    [
      join(ROOT, 'node_modules/@backstage/cli/bin/backstage-cli'),
      'package',
      'start',
      ...configs.flatMap(config => ['--config', config]),
    ],
    { cwd: join(ROOT, 'packages', name), env },
  ).ended;
}

command(async () => {
  for (const [port, purpose] of [
    [PAGES, 'the development server of the pages'],
    [BACKEND, 'the backend'],
  ]) {
    await requirePort(port, { purpose, advice: 'stop that program first' });
  }
  const demo = await prepareDemo({ demoPort: 7099 });
  const dir = join(STATE, 'dev');
  mkdirSync(dir, { recursive: true });
  const configs = [
    ...portalConfigs(),
    writeConfig(join(dir, 'app-config.dev.yaml'), {
      app: { baseUrl: `http://localhost:${PAGES}` },
      backend: databaseConfig(demo.database),
    }),
  ];
  say(`the pages will be on http://localhost:${PAGES}; Ctrl-C stops it`);
  const env = { ...demo.env, NODE_ENV: 'development' };
  await Promise.race([
    develop('app', configs, env),
    develop('backend', configs, env),
  ]);
  throw new Explained('a development server ended by itself.');
});

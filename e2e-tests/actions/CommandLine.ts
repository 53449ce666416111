import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { ActionClient, PLUGIN } from './ActionClient';

const execute = promisify(execFile);
const CLI = join(ROOT, 'node_modules/@backstage/cli/bin/backstage-cli');
const INSTANCE = 'e2e';
const HOUR_MS = 3_600_000;

/**
 * `backstage-cli actions`, signed in as a user, with a home of its own. It takes
 * the token from where `auth login` would have put it: that one needs a browser,
 * a portal behind HTTPS and a port that is always the same.
 */
export class CommandLine implements ActionClient {
  private readonly env: NodeJS.ProcessEnv;

  /** @param dir - a folder of its own for what it remembers of the sign-in */
  constructor(dir: string, url: string, token: string) {
    const config = join(dir, 'config');
    const data = join(dir, 'data');
    this.env = {
      ...process.env,
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: data,
      FORCE_COLOR: '0',
    };
    this.remember(config, data, url, token);
  }

  async list(): Promise<string[]> {
    await this.run('sources', 'add', PLUGIN);
    const output = await this.run('list');
    const names = output.matchAll(new RegExp(`${PLUGIN}:([\\w-]+)`, 'g'));
    return [...names].map(([, name]) => name);
  }

  async call(name: string, input: Record<string, unknown>): Promise<any> {
    return JSON.parse(
      await this.run(
        'execute',
        `${PLUGIN}:${name}`,
        ...Object.entries(input).flatMap(([key, value]) => [
          `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`,
          typeof value === 'object' ? JSON.stringify(value) : String(value),
        ]),
      ),
    );
  }

  /** What it tells of an action: `actions execute <id> --help`. */
  help(name: string): Promise<string> {
    return this.run('execute', `${PLUGIN}:${name}`, '--help');
  }

  private async run(...args: string[]): Promise<string> {
    try {
      const { stdout } = await execute(
        process.execPath,
        [CLI, 'actions', ...args],
        { cwd: ROOT, env: this.env },
      );
      return stripVTControlCharacters(stdout);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as Record<string, string>;
      throw new Error(stripVTControlCharacters(`${stdout}${stderr}`));
    }
  }

  /** The files that `auth login` writes. JSON is YAML. */
  private remember(config: string, data: string, url: string, token: string) {
    const instances = join(config, 'backstage-cli');
    mkdirSync(instances, { recursive: true });
    writeFileSync(
      join(instances, 'auth-instances.yaml'),
      JSON.stringify({
        instances: [
          {
            name: INSTANCE,
            baseUrl: url,
            clientId: 'e2e-tests',
            issuedAt: Date.now(),
            accessTokenExpiresAt: Date.now() + HOUR_MS,
            selected: true,
          },
        ],
      }),
    );
    const secrets = join(
      data,
      'backstage-cli/auth-secrets',
      encodeURIComponent(`backstage-cli:auth-instance:${INSTANCE}`),
    );
    mkdirSync(secrets, { recursive: true });
    writeFileSync(join(secrets, 'accessToken.secret'), token, { mode: 0o600 });
  }
}

import assert from 'node:assert/strict';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { clientOf } from '../../scripts/lib/api';
import { eventually } from '../../scripts/lib/eventually';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { inState } from '../lib/inState';

/** A start may have to build the pages, on a machine that is busy with others. */
const START_PATIENCE_SECONDS = 900;

const ZIPCODES = 'resource:default/zipcodes';

/** A command of package.json, as a person starts it in a terminal. */
class Command {
  output = '';
  private over = false;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;

  constructor(state: string, args: string[]) {
    this.child = spawn('npm', args, {
      cwd: ROOT,
      env: { ...process.env, SKEIN_STATE: state },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A terminal signals the whole group; so does this test.
      detached: true,
    });
    this.ended = once(this.child, 'close').finally(() => (this.over = true));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', data => (this.output += data));
    }
  }

  /** Waits until it has printed that. */
  async prints(pattern: RegExp): Promise<void> {
    await eventually(
      `it prints ${pattern}`,
      async () => pattern.test(this.output) || this.over,
      START_PATIENCE_SECONDS,
    );
    assert.match(this.output, pattern);
  }

  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  async pressCtrlC(): Promise<void> {
    if (!this.over) process.kill(-this.child.pid!, 'SIGINT');
    await this.ended;
  }
}

describe('the commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-commands-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const time of ['first', 'second']) {
    it(`npm run demo migrates flights and reads them back, the ${time} time`, async () => {
      const demo = new Command(join(folder, 'demo'), ['run', 'demo']);
      const code = await demo.exitCode();
      assert.equal(code, 0, demo.output);
      assert.match(demo.output, /flights {2}1\.0\.0 -> 2\.0\.0/);
      assert.match(demo.output, /rows\/s/);
      const [, source, target] = demo.output.match(
        /checksums\s+(\S+) source through mapping\s+(\S+) target/,
      )!;
      assert.equal(source, target);
      assert.match(demo.output, /read back {2}3,000,000 rows of 2\.0\.0/);
    });
  }

  it('npm start keeps what was done, ends by Ctrl-C, and says when a port is taken', async t => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const args = [
      ...['start', '--', '--port', String(port)],
      ...['--demo-port', String(await freePort())],
      ...['--metrics-port', String(await freePort())],
    ];
    const state = join(folder, 'start');

    const first = new Command(state, args);
    t.after(() => first.pressCtrlC());
    await first.prints(/Open http/);
    const page = await fetch(url);
    assert.match(await page.text(), /<title>Skein/);
    const client = await eventually('the catalog has the dataset', async () => {
      const marie = await clientOf(url, 'user:default/marie');
      const { nextVersion } = await marie.getDataset(ZIPCODES);
      return nextVersion === '1.1.0' && marie;
    });
    const { id } = await client.startMigration({
      datasetRef: ZIPCODES,
      targetVersion: '1.1.0',
    });
    await inState(client, id, 'succeeded');

    const other = new Command(state, args);
    assert.equal(await other.exitCode(), 1);
    assert.match(other.output, new RegExp(`port ${port}, .* is taken`));

    await first.pressCtrlC();
    await assert.rejects(fetch(url));

    const second = new Command(state, args);
    t.after(() => second.pressCtrlC());
    await second.prints(/Open http/);
    const again = await clientOf(url, 'user:default/marie');
    assert.equal((await again.getMigration(id)).state, 'succeeded');
    assert.equal((await again.getDataset(ZIPCODES)).currentVersion, '1.1.0');
    await second.pressCtrlC();
  });
});

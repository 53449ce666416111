import { mkdir, mkdtemp, rm, symlink, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { Contract } from '@skein/backstage-plugin-dataset-migrations-common';
import { Binding, Root } from '../config/readSettings';
import { contract } from '../__testUtils__/world';
import { locate } from './locate';

const OWNER = 'group:default/pilots';
const ENTITY = 'resource:default/flights';

describe('locate', () => {
  let base: string;
  let root: Root;

  const bind = (prefix: string, rest: Partial<Binding>): Binding => ({
    prefix: prefix === '.' ? [] : prefix.split('/'),
    entities: [],
    owners: [],
    ...rest,
  });

  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'skein-locate-'));
    const folder = path.join(base, 'root');
    for (const name of ['flights', 'flights/secret', 'weather', 'team/x']) {
      await mkdir(path.join(folder, name), { recursive: true });
    }
    await mkdir(path.join(base, 'outside'));
    await writeFile(path.join(folder, 'flights/a.parquet'), '');
    await writeFile(path.join(base, 'outside/passwd.csv'), '');
    root = {
      name: 'files',
      path: folder,
      bindings: [
        bind('flights', { owners: [OWNER] }),
        bind('weather', { entities: ['resource:default/weather'] }),
        bind('team', { owners: [OWNER, 'group:default/others'] }),
        bind('team/x', { owners: ['group:default/others'] }),
      ],
    };
  });

  afterEach(() => rm(base, { recursive: true }));

  const at = (written: string, properties = {}): Contract =>
    contract('1.0.0', [], written, { format: 'parquet', ...properties });

  const ask = (written: string, options: Partial<Contract> = {}) =>
    locate([root], {
      entityRef: ENTITY,
      owner: OWNER,
      contract: { ...at(written), ...options },
    });

  it('finds a file, a folder and a pattern by the real path', async () => {
    await expect(ask('./flights//a.parquet')).resolves.toMatchObject({
      engine: 'duckdb',
      connection: 'files',
      key: `file:${path.join(root.path, 'flights/a.parquet')}`,
      display: 'files/flights/a.parquet',
      detail: { kind: 'file', path: 'flights/a.parquet', format: 'parquet' },
    });
    root.bindings.push(bind('flights/secret', { owners: [OWNER] }));
    await expect(ask('flights')).resolves.toMatchObject({
      detail: { kind: 'folder', path: 'flights' },
    });
    await expect(ask('flights/*.parquet')).resolves.toMatchObject({
      key: `file:${path.join(root.path, 'flights/*.parquet')}`,
      detail: { kind: 'glob', path: 'flights', pattern: '*.parquet' },
    });
  });

  it('G1: gives a symbolic link and what it leads to the same key', async () => {
    await symlink('a.parquet', path.join(root.path, 'flights/link.parquet'));
    const [one, other] = [
      await ask('flights/link.parquet'),
      await ask('flights/a.parquet'),
    ];
    expect(one?.key).toBe(other?.key);
  });

  it.each([
    ['', 'names no file'],
    ['.', 'names no file'],
    ['..', 'climbs'],
    ['flights/../../outside/passwd.csv', 'climbs'],
    ['flights/../weather', 'climbs'],
    ['/etc/passwd', 'absolute'],
    ['file:///etc/passwd', 'address'],
    ['s3://bucket/flights', 'address'],
    ['https://169.254.169.254/latest', 'address'],
    ['flights\\..\\weather', 'backslash'],
    ['flights/a\0.parquet', 'control character'],
    ['flights/a\n.parquet', 'control character'],
    ['flights/_skein/versions', '_skein'],
    ['flights/**', 'may only use'],
    ['flights/[a-z].parquet', 'may only use'],
    ['flights/{a,b}.parquet', 'may only use'],
    [`flights/${'a'.repeat(2000)}`, 'longer than'],
  ])('G10: refuses the path %j by name', async (written, why) => {
    const error = await ask(written).catch(e => e);
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(why);
  });

  it.each([
    ['weather', "another team's folder"],
    ['team/x', 'a folder inside ours that is closed to us'],
    ['team/x/a.parquet', 'a file inside it'],
    ['team', 'a folder around it'],
    ['*', 'a pattern over everything'],
    ['elsewhere/a.parquet', 'what nobody was given'],
  ])('G11: does not give %s away: %s', async written => {
    const error = await ask(written).catch(e => e);
    expect(error.name).toBe('NotAllowedError');
    expect(error.message).toContain(ENTITY);
  });

  it('G11: follows no symbolic link out of the root or to other teams', async () => {
    const inside = path.join(root.path, 'flights');
    await symlink(path.join(base, 'outside'), path.join(inside, 'out'));
    await symlink('../weather', path.join(inside, 'theirs'));
    await symlink('nowhere', path.join(inside, 'dangling.parquet'));
    for (const written of [
      'flights/out/passwd.csv',
      'flights/out',
      'flights/theirs',
      'flights/theirs/a.parquet',
      'flights/dangling.parquet',
    ]) {
      const error = await ask(written).catch(e => e);
      expect(error.name).toBe('NotAllowedError');
    }
  });

  it('G11: gives a place to an entity by name, in any case', async () => {
    const request = { entityRef: 'Resource:default/Weather', owner: undefined };
    await expect(
      locate([root], { ...request, contract: at('weather') }),
    ).resolves.toMatchObject({ display: 'files/weather' });
  });

  it('puts the name of the object where the path says {model}', async () => {
    const named = (physicalName: string) => ({
      schema: { name: 'x', physicalName, fields: [] },
    });
    await expect(
      ask('flights/{model}.parquet', named('a')),
    ).resolves.toMatchObject({ display: 'files/flights/a.parquet' });
    for (const name of ['..', 'a/b', "a'; --", '', '$&', 'a*']) {
      await expect(
        ask('flights/{model}.parquet', named(name)),
      ).rejects.toMatchObject({ name: 'InputError' });
    }
  });

  it('leaves servers of other engines and other roots alone', async () => {
    const servers = [
      { server: 'files', type: 'postgres', properties: { path: 'flights' } },
      { server: 'laptop', type: 'local', properties: { path: 'flights' } },
    ];
    await expect(ask('flights', { servers })).resolves.toBeUndefined();
  });

  it.each([
    [{ format: 'xlsx' }, "has the format 'xlsx'"],
    [{ format: undefined }, 'needs a format'],
    [{ format: 'csv', delimiter: 'ab' }, 'delimiter'],
    [{ format: 'csv', delimiter: '5' }, 'delimiter'],
    [{ path: 7 }, 'has no path'],
  ])('G10: refuses the server properties %j', async (properties, why) => {
    const [server] = at('flights/data').servers;
    const error = await ask('', {
      servers: [
        { ...server, properties: { ...server.properties, ...properties } },
      ],
    } as Partial<Contract>).catch(e => e);
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(why);
  });
});

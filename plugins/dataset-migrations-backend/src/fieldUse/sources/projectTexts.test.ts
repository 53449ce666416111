import { readContents, sourcesYaml } from '../__testUtils__/dbtFiles';
import { SqlParser } from '../sql/SqlParser';
import { projectTexts } from './projectTexts';

describe('the YAML of dbt projects', () => {
  const parser = new SqlParser();
  afterAll(() => parser.close());

  const read = (contents: Record<string, string>) =>
    readContents(
      {
        'dbt_project.yml': 'name: trips',
        'models/sources.yml': sourcesYaml,
        ...contents,
      },
      parser,
    );

  it('G6: finds what hooks read, with file and line', async () => {
    expect(
      await read({
        'dbt_project.yml': `name: trips
on-run-start: create table if not exists seen as select delay from public.flights
on-run-end:
  - grant usage on schema {{ target.schema }} to reporter
  - |
    insert into audit
    select origin from {{ source('raw', 'facts') }}
    where carrier = 'LH'
models:
  trips:
    +post-hook: "delete from {{ this }} where id in (select id from {{ source('raw', 'facts') }})"
    marts: { pre-hook: [{ sql: select dest from public.flights, transaction: false }] }
    docs: { +post-hook: select flight_num from public.flights }
    label: { description: { +pre-hook: { label: select cancelled from public.flights } } }
`,
        'models/late.yml': `models:
  - name: late
    config:
      post_hook:
        - select distance from {{ source('raw', 'facts') }}
        - grant select on {{ this }} to reporter
`,
        'seeds/codes.yml': `seeds:
  - name: codes
    config: { post_hook: &audit "select tags from public.flights" }
  - name: more
    config: { post_hook: *audit }
`,
      }),
    ).toEqual({
      uses: [
        'dbt_project.yml:2 delay',
        'dbt_project.yml:7 origin',
        'dbt_project.yml:8 carrier',
        'dbt_project.yml:11 id',
        'dbt_project.yml:12 dest',
        'dbt_project.yml:13 flight_num',
        'dbt_project.yml:14 cancelled',
        'models/late.yml:5 distance',
        'seeds/codes.yml:3 tags',
      ],
      unread: [],
    });
  });

  it.each<[string, string, string, number]>([
    [
      'a macro in a hook',
      'dbt_project.yml',
      'name: trips\non-run-end: "{{ audit_sources() }}"',
      2,
    ],
    [
      'a loop in a hook',
      'models/a.yml',
      `models:\n  - name: a\n    config:\n      post_hook: "{% for c in cols %} select {{ c }} from {{ source('raw', 'facts') }} {% endfor %}"`,
      4,
    ],
    [
      'a header of SQL',
      'models/a.yml',
      'models: [{ name: a, config: { sql_header: "call read_all(\'public.flights\')" } }]',
      1,
    ],
    [
      'a variable of SQL',
      'dbt_project.yml',
      `name: trips\nvars: { late: "select id from public.flights" }`,
      2,
    ],
    [
      'a snapshot of it',
      'models/a.yml',
      `snapshots:\n  - name: s\n    relation: source('raw', 'facts')`,
      3,
    ],
    [
      'a snapshot of a model of another project',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "ref('core', 'flights')" }]`,
      1,
    ],
    [
      'a snapshot of a source from a variable',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "source(var('raw'), 'facts')" }]`,
      1,
    ],
    [
      'a snapshot of a source from the target',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "source(target.name, 'flights')" }]`,
      1,
    ],
    [
      'a snapshot of a version of a model of another project',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "ref('flights', v=2)" }]`,
      1,
    ],
    [
      'a snapshot of a relation by its names',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "api.Relation.create(schema='raw', identifier='flights')" }]`,
      1,
    ],
    [
      'a snapshot of a relation from a variable',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "api.Relation.create(schema='raw', identifier=var('t'))" }]`,
      1,
    ],
    [
      'a snapshot of what a macro gives',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "latest_of('flights')" }]`,
      1,
    ],
    [
      'a relation that a macro finds',
      'models/a.yml',
      `models: [{ name: a, tests: [{ same_as: { to: "find(identifier='flights')" } }] }]`,
      1,
    ],
    [
      'a variable of SQL that is called as words are',
      'dbt_project.yml',
      `name: trips\nvars: { label: select id from public.flights }`,
      2,
    ],
    [
      'a reference of a test',
      'models/a.yml',
      `models:
  - name: a
    columns:
      - name: id
        tests: [{ relationships: { to: "source('raw', 'facts')", field: id } }]`,
      5,
    ],
    [
      'the condition of a test',
      'models/a.yml',
      `models:
  - name: a
    tests:
      - unique: { config: { where: id in (select id from public.flights) } }`,
      4,
    ],
    [
      'an exposure',
      'models/a.yml',
      `exposures: [{ name: board, depends_on: ["source('raw', 'facts')"] }]`,
      1,
    ],
    [
      'a source of its files',
      'models/a.yml',
      `sources:
  - name: lake
    tables:
      - name: trips
        meta: { external_location: s3://lake/flights/*.parquet }`,
      5,
    ],
  ])('G6: says that it may read it by %s', async (_what, path, text, line) => {
    const { uses, unread } = await read({ [path]: text });
    expect(uses).toEqual([]);
    expect(unread).toEqual([expect.stringContaining(`${path}:${line} `)]);
  });

  it.each<[string, string, string[]]>([
    [
      'that its name is written in',
      "ref('flights', v=2)",
      ['names the source in a setting that is not read'],
    ],
    [
      'that a relation has',
      "api.Relation.create(identifier='flights')",
      ['names the source in a setting that is not read'],
    ],
    ['that names others', "source(var('raw'), 'trips')", []],
    ['that makes one of others', "api.Relation.create(identifier='trips')", []],
  ])(
    'G6: tells by the name, without a source that is it, of a snapshot %s',
    async (_what, relation, reasons) => {
      expect(
        await readContents(
          {
            'dbt_project.yml': 'name: trips',
            'snapshots/a.yml': `snapshots: [{ name: s, relation: "${relation}" }]`,
          },
          parser,
        ),
      ).toEqual({
        uses: [],
        unread: reasons.map(reason => `snapshots/a.yml:1 ${reason}`),
      });
    },
  );

  it('G6: says that a freshness of all sources reads it', async () => {
    const { unread } = await read({
      'dbt_project.yml':
        'name: trips\nsources: { trips: { raw: { +loaded_at_field: delay } } }',
    });
    expect(unread).toEqual([
      'models/sources.yml has tests or a freshness of the source, which are not read',
    ]);
  });

  it('G6: says that properties are no YAML, where they may read something', async () => {
    const { unread } = await read({
      'models/a.yml': 'models: [{ config: { post_hook: select 1 } }',
    });
    expect(unread).toEqual([
      expect.stringMatching(/^models\/a.yml is not valid YAML/),
    ]);
  });

  it.each<[string, string, string]>([
    [
      'hooks on models',
      'models/a.yml',
      'models: [{ name: a, config: { post_hook: ["analyze {{ this }}", "grant select on {{ this }} to x"] } }]',
    ],
    [
      'hooks on other sources',
      'models/a.yml',
      `models: [{ name: a, config: { pre_hook: "select delay from {{ source('other', 'flights') }}" } }]`,
    ],
    [
      'a model of its name',
      'models/a.yml',
      `models:
  - name: flights
    description: Made from flights
    columns: [{ name: id, tests: [{ relationships: { to: ref('flights'), field: id } }] }]`,
    ],
    [
      'words for people',
      'models/a.yml',
      `models:
  - name: a
    description: Made from flights, by source(…)
    docs: { show: true, node_color: "#fff" }
    columns: [{ name: id, description: From flights, config: { meta: { label: Late from flights } } }]`,
    ],
    [
      'a snapshot of another source',
      'snapshots/a.yml',
      `snapshots: [{ name: s, relation: "source('other', 'flights')" }]`,
    ],
    ['comments alone', 'models/a.yml', '# from flights, by a post-hook\n'],
    ['an empty file', 'models/a.yml', ''],
  ])('is not troubled by %s', async (_what, path, text) => {
    expect(
      await read({ 'models/flights.sql': 'select 1', [path]: text }),
    ).toEqual({ uses: [], unread: [] });
  });

  it('takes a bomb of aliases for what it is', () => {
    const levels = Array.from({ length: 9 }, (_, index) =>
      index === 0
        ? 'a0: &a0 [from x, from x, from x, from x, from x]'
        : `a${index}: &a${index} [${Array(5).fill(`*a${index - 1}`)}]`,
    );
    expect(projectTexts(levels.join('\n'))).toEqual({
      texts: [],
      problem: expect.stringMatching(/alias/i),
    });
  });
});

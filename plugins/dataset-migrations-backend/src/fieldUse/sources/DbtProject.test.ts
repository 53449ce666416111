import { filesOf, readContents, sourcesYaml } from '../__testUtils__/dbtFiles';
import { SqlParser } from '../sql/SqlParser';
import { DbtProject } from './DbtProject';

describe('dbt projects', () => {
  const parser = new SqlParser();
  afterAll(() => parser.close());

  const read = (contents: Record<string, string>) =>
    readContents(contents, parser);

  it('finds what models read of the tables that its sources name', async () => {
    expect(
      await read({
        'dbt_project.yml': 'name: trips\nvars: { hub: SFO }',
        'models/sources.yml': sourcesYaml,
        'models/staging/stg_flights.sql': `
          with source as (select * from {{ source('raw', 'facts') }})
          select id, delay as late from source
          where origin = '{{ var("hub") }}' and distance > {{ var('far', 100) }}`,
        'models/late.sql': `select late from {{ ref('stg_flights') }}`,
        'models/old.sql': `select dest from {{ source('other', 'flights') }}`,
        'models/flights.sql': `select carrier from {{ ref('stg_flights') }}`,
        'models/from_own.sql': `select carrier from {{ ref('flights') }}`,
        'analyses/ask.sql': `select tags from public.flights`,
      }),
    ).toEqual({
      uses: [
        'models/staging/stg_flights.sql:3 id',
        'models/staging/stg_flights.sql:3 delay',
        'models/staging/stg_flights.sql:4 origin',
        'models/staging/stg_flights.sql:4 distance',
        'analyses/ask.sql:1 tags',
      ],
      unread: [],
    });
  });

  it('takes the folders from the project file, and the innermost project', async () => {
    expect(
      await read({
        'a/dbt_project.yml': 'model-paths: [sql]',
        'a/sql/sources.yaml': sourcesYaml,
        'a/sql/one.sql': `select delay from {{ source('raw', 'facts') }}`,
        'a/b/dbt_project.yml': 'name: inner',
        'a/b/models/s.yml': sourcesYaml.replace('identifier: flights', ''),
        'a/b/models/two.sql': `select delay from {{ source('raw', 'facts') }}`,
      }),
    ).toEqual({ uses: ['a/sql/one.sql:1 delay'], unread: [] });
  });

  it('says what it cannot read, with file and line', async () => {
    expect(
      await read({
        'dbt_project.yml': 'name: trips',
        'models/sources.yml': sourcesYaml,
        'models/loop.sql': `select\n{% for c in cols %} {{ c }} {% endfor %}\nfrom {{ source('raw', 'facts') }}`,
        'models/loop_of_others.sql': `{% for c in cols %} {{ c }} {% endfor %} from {{ ref('x') }}`,
        'models/py.py': `def model(dbt, s): return dbt.source('raw', 'flights')`,
        'scripts/other.py': `flights = 1`,
        'macros/m.sql': `{% macro m() %} select delay from public.flights {% endmacro %}`,
        'macros/n.sql': `{% macro n() %} select 1 {% endmacro %}`,
      }),
    ).toEqual({
      uses: [],
      unread: [
        'models/loop.sql:2 {% for c in cols %} is not evaluated',
        'models/py.py is a model in Python, which is not read',
        'scripts/other.py:1 names flights in code that is not read',
        'macros/m.sql is a macro, which is not evaluated',
      ],
    });
  });

  it.each<[string, string, string]>([
    [
      'a call with a variable',
      'models/a.sql',
      `{% for t in tables %} select delay from {{ source('raw', t) }} {% endfor %}`,
    ],
    ['a macro instead of a query', 'models/a.sql', '{{ union_all_of_raw() }}'],
    [
      'its name in the project',
      'models/a.sql',
      `select {{ star(from=source('raw', 'facts')) }}`,
    ],
    [
      'a variable for SQL',
      'models/a.sql',
      `select {{ var('column', 'delay') }} from {{ source('raw', 'facts') }}`,
    ],
    [
      'Python',
      'models/a.py',
      `def model(dbt, s): return dbt.source("raw", "facts")`,
    ],
    ['Python with a variable', 'models/a.py', 'dbt.source("raw", name)'],
    ['Python alone', 'models/a.py', 'session.sql(query)'],
    [
      'a macro of the project',
      'macros/a.sql',
      `{% macro a(t) %} select delay from {{ source('raw', t) }} {% endmacro %}`,
    ],
    [
      'a macro that puts the name together',
      'macros/a.sql',
      '{% macro a(t) %} select delay from {{ t }} {% endmacro %}',
    ],
    [
      'a snapshot in YAML',
      'snapshots/a.yml',
      `relation: source('raw', 'facts')`,
    ],
    [
      'a test of the source',
      'models/more.yml',
      'sources: [{ name: raw, schema: public, tables: [{ name: facts, identifier: flights, columns: [{ name: delay, data_tests: [not_null] }] }] }]',
    ],
    [
      'a freshness of all of its tables',
      'models/more.yml',
      'sources: [{ name: raw, schema: public, config: { loaded_at_field: delay }, tables: [{ name: facts, identifier: flights }] }]',
    ],
    [
      'a name from a template',
      'models/more.yml',
      `sources: [{ name: any, tables: [{ name: x, identifier: "{{ var('x') }}" }] }]`,
    ],
    [
      'code of a service',
      'src/Late.java',
      'db.query("select delay from flights")',
    ],
  ])(
    'G6: says that it may read the dataset by %s',
    async (_what, path, text) => {
      const { uses, unread } = await read({
        'dbt_project.yml': 'name: trips',
        'models/sources.yml': sourcesYaml,
        [path]: text,
      });
      expect(uses).toEqual([]);
      expect(unread).toEqual([expect.stringMatching(`^${path}(:1)? `)]);
    },
  );

  it.each<[string, string, string]>([
    [
      'a loop over others',
      'models/a.sql',
      `{% for c in cols %} {{ c }} {% endfor %} from {{ source('raw', 'other') }}`,
    ],
    ['Python of others', 'models/a.py', 'dbt.ref("stg_trips")'],
    [
      'a macro that reads nothing',
      'macros/a.sql',
      '{% macro cents(c) %} round({{ c }} / 100, 2) {% endmacro %}',
    ],
    [
      'its own entity',
      'catalog-info.yaml',
      'apiVersion: backstage.io/v1alpha1\nspec: { consumesDatasets: [{ dataset: flights }] }',
    ],
    ['a contract', 'flights.odcs.yaml', 'kind: DataContract\nid: flights'],
  ])('is not troubled by %s', async (_what, path, text) => {
    expect(
      await read({
        'dbt_project.yml': 'name: trips',
        'models/sources.yml': sourcesYaml,
        [path]: text,
      }),
    ).toEqual({ uses: [], unread: [] });
  });

  it('knows that packages bring models of their own', async () => {
    const [plain] = await DbtProject.find(
      filesOf({ 'dbt_project.yml': 'name: trips' }),
    );
    expect(plain.installsPackages).toBe(false);
    const [installs] = await DbtProject.find(
      filesOf({
        'dbt_project.yml': 'name: trips',
        'packages.yml': 'packages:\n  - package: x/y',
      }),
    );
    expect(installs.installsPackages).toBe(true);
  });

  it.each([
    [
      'up',
      'model-paths: ["../../etc"]',
      /must be a folder of the project, not "..\/..\/etc"/,
    ],
    [
      'absolute',
      'model-paths: ["/etc"]',
      /must be a folder of the project, not "\/etc"/,
    ],
    ['of Windows', 'model-paths: ["C:/x"]', /must be a folder of the project/],
    [
      'with backslashes',
      "model-paths: ['..\\\\x']",
      /must be a folder of the project/,
    ],
    ['no text', 'model-paths: [{ a: 1 }]', /must be a folder of the project/],
    [
      'a template',
      'model-paths: ["{{ env_var(1) }}"]',
      /must be a folder of the project/,
    ],
    ['no YAML', 'model-paths: [', /is not valid YAML/],
    ['an alias bomb', bomb(), /is not valid YAML|aliases/i],
    [
      'very deep',
      `a: ${'['.repeat(200)}${']'.repeat(200)}`,
      /must not nest deeper/,
    ],
    ['a tag', 'a: !!js/function "x"\nb: [', /is not valid YAML/],
  ])(
    'takes a bad project file for what it is: %s',
    async (_what, text, reason) => {
      const { uses, unread } = await read({
        'dbt_project.yml': text,
        'q.sql': 'select delay from flights',
      });
      expect(uses).toEqual(['q.sql:1 delay']);
      expect(unread[0]).toMatch(reason);
    },
  );

  it.each([
    ['a list', '[]'],
    ['a number', '1'],
    ['nothing', ''],
    [
      'vars of all kinds',
      'vars: { a: { b: [1] }, c: null, __proto__: { d: 1 } }',
    ],
  ])('reads SQL beside a project file that is %s', async (_what, text) => {
    const { uses } = await read({
      'dbt_project.yml': text,
      'q.sql': 'select delay from flights',
    });
    expect(uses).toEqual(['q.sql:1 delay']);
  });
});

/** Nine levels, each of which holds the one below nine times. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, index) =>
    index === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  );
  return levels.join('\n');
}

import { copy, field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.sql(
    `CREATE TABLE p (id integer PRIMARY KEY, a text, n numeric, secret text)`,
  );
  await world.sql(
    `INSERT INTO p VALUES (1, '10', 5, '1'), (2, 'NA', 99999, 'x1'), (3, NULL, 0, '2'), (4, ' 7 ', NULL, 'x2')`,
  );
});
afterAll(() => world.dispose());

const from = [
  id,
  field('a', 'string'),
  field('n', 'decimal'),
  field('secret', 'string', { classification: 'restricted' }),
];

const runWith = (
  name: string,
  type: Parameters<typeof field>[1],
  step: { agent: string; payload: any },
  rest: object = {},
) =>
  world.run({
    table: 'p',
    from,
    to: from.map(old =>
      old.name === name
        ? { ...field(name, type), classification: old.classification, ...rest }
        : old,
    ),
    steps: [step],
    migrationId: `of ${name} ${JSON.stringify([type, step, rest])}`,
  });

const castA = (onFailure: string) => ({
  agent: 'cast-type',
  payload: { field: 'a', onFailure },
});

const deriving = (type: Parameters<typeof field>[1], expression: string) =>
  world.run({
    table: 'p',
    from,
    to: [...from, field('derived', type)],
    steps: [
      { agent: 'derive-field', payload: { field: 'derived', expression } },
    ],
  });

describe('preflight', () => {
  it('counts the values that cannot be cast and shows some', async () => {
    const run = await runWith('a', 'integer', castA('refuse'));
    await expect(
      world.engine().preflight({ ...run, samples: 5 }),
    ).resolves.toEqual({
      rowsScanned: 4,
      findings: [
        {
          kind: 'cast-fails',
          field: 'a',
          rows: 1,
          message: '1 value of a cannot be cast to integer',
          samples: ['NA'],
        },
      ],
    });
  });

  it('shows nothing when no samples are asked for', async () => {
    const run = await runWith('a', 'integer', castA('refuse'));
    const { findings } = await world.engine().preflight({ ...run, samples: 0 });
    expect(findings[0].samples).toEqual([]);
  });

  it('has nothing against casts that may yield NULL', async () => {
    const run = await runWith('a', 'integer', castA('null'));
    const engine = world.engine();
    await expect(
      engine.preflight({ ...run, samples: 5 }),
    ).resolves.toMatchObject({ findings: [] });
    await migrate(engine, run);
    await expect(world.sql('SELECT a FROM p ORDER BY id')).resolves.toEqual([
      { a: 10 },
      { a: null },
      { a: null },
      { a: 7 },
    ]);
    await engine.rollback(run);
  });

  it('tells NULL that a cast makes from NULL that was there', async () => {
    const run = await runWith('a', 'integer', castA('null'));
    const demanding = run.mapping.segments.map(segment =>
      segment.kind === 'projection'
        ? {
            ...segment,
            fields: segment.fields.map(projected =>
              projected.field.name === 'a'
                ? {
                    ...projected,
                    field: { ...projected.field, required: true },
                  }
                : projected,
            ),
          }
        : segment,
    );
    const { findings } = await world.engine().preflight({
      ...run,
      mapping: { ...run.mapping, segments: demanding },
      samples: 5,
    });
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'not-null-violated', rows: 2 }),
    ]);
  });

  it('has nothing against a cast that a CASE keeps values from', async () => {
    const run = await deriving(
      'integer',
      "case when a = 'NA' then -1 else cast(a as integer) end",
    );
    await expect(
      world.engine().preflight({ ...run, samples: 5 }),
    ).resolves.toMatchObject({ findings: [] });
  });

  it('finds what no rule foresees by computing it', async () => {
    const run = await deriving('float', '1 / cast(n as double precision)');
    await expect(
      world.engine().preflight({ ...run, samples: 5 }),
    ).resolves.toMatchObject({
      findings: [
        {
          kind: 'expression-fails',
          field: 'derived',
          message: expect.stringContaining('division by zero'),
        },
      ],
    });
  });

  it('finds numbers that are out of range', async () => {
    const run = await runWith(
      'n',
      { kind: 'integer', bits: 16 },
      { agent: 'cast-type', payload: { field: 'n', onFailure: 'refuse' } },
    );
    await expect(
      world.engine().preflight({ ...run, samples: 5 }),
    ).resolves.toMatchObject({
      findings: [{ kind: 'cast-fails', rows: 1, samples: ['99999'] }],
    });
  });

  it('is cancelled while it scans', async () => {
    const run = await runWith('a', 'integer', castA('refuse'));
    const reason = new Error('Enough');
    await expect(
      world.engine().preflight({
        ...run,
        samples: 1,
        signal: AbortSignal.abort(reason),
      }),
    ).rejects.toBe(reason);
  });
});

describe('a copy that fails', () => {
  const messageOf = async (run: Awaited<ReturnType<typeof runWith>>) => {
    const engine = world.engine();
    const error = await copy(engine, run).catch(e => e);
    await engine.abandon(run);
    expect(error.name).toBe('InputError');
    return error.message;
  };

  it('G10, G11: names the field and the number of rows, and no value', async () => {
    const run = await runWith('a', 'integer', castA('refuse'));
    await expect(messageOf(run)).resolves.toBe(
      '1 value of a cannot be cast to integer.',
    );
  });

  it('G11: says why in words of its own where no rule foresaw it', async () => {
    const run = await deriving(
      'float',
      '1 / cast(length(a) - 2 as double precision)',
    );
    const message = await messageOf(run);
    expect(message).toBe(
      'derived cannot be computed for at least one row: division by zero, SQLSTATE 22012.',
    );
  });
});

describe('a preflight of what the catalog vouches for', () => {
  const renamed = (rest: object) =>
    world.run({
      table: 'p',
      from: [id, field('secret', 'string', rest)],
      to: [
        id,
        field('kept', 'string', rest),
        field('added', 'string', { required: true, default: 'x' }),
      ],
      steps: [
        { agent: 'rename-field', payload: { from: 'secret', to: 'kept' } },
        { agent: 'add-field', payload: { field: 'added', default: 'x' } },
      ],
    });

  it('reads no row', async () => {
    await expect(
      world.engine().preflight({ ...(await renamed({})), samples: 5 }),
    ).resolves.toEqual({ rowsScanned: 0, findings: [] });
  });

  it('reads the rows for a required field whose column may be NULL', async () => {
    await expect(
      world
        .engine()
        .preflight({ ...(await renamed({ required: true })), samples: 5 }),
    ).resolves.toEqual({ rowsScanned: 4, findings: [] });
  });
});

describe('a statement that takes too long', () => {
  it.each(['preview', 'preflight'] as const)(
    "ends a %s by the operator's bound, which the error names",
    async call => {
      const run = await runWith('a', 'integer', castA('null'));
      const holder = await World.connect(world.connectionString);
      try {
        await holder.query('BEGIN; LOCK TABLE p IN ACCESS EXCLUSIVE MODE');
        const setting = `${call}TimeoutSeconds` as const;
        const engine = world.engine({ settings: { [setting]: 0.2 } });
        await expect(
          engine[call]({ ...run, limit: 2, samples: 5 }),
        ).rejects.toMatchObject({
          name: 'InputError',
          message: expect.stringMatching(
            `^The ${call} of warehouse.public.p was given up: .* 0.2 seconds \\(datasetMigrations.engines.postgres.${setting}\\)$`,
          ),
        });
        await holder.query('ROLLBACK');
        await expect(
          engine[call]({ ...run, limit: 2, samples: 5 }),
        ).resolves.toBeDefined();
      } finally {
        await holder.end();
      }
    },
  );
});

describe('preview', () => {
  it('shows values as PostgreSQL writes them, before and after', async () => {
    const run = await runWith('a', 'integer', castA('null'));
    await expect(world.engine().preview({ ...run, limit: 2 })).resolves.toEqual(
      {
        before: [
          ['1', '10', '5', '1'],
          ['2', 'NA', '99999', 'x1'],
        ],
        after: [
          ['1', '10', '5', '1'],
          ['2', null, '99999', 'x1'],
        ],
      },
    );
  });

  it('says which table is missing', async () => {
    const run = await runWith('a', 'integer', castA('null'));
    const location = {
      ...run.location,
      display: 'warehouse.public.q',
      detail: { schema: 'public', table: 'q' },
    };
    await expect(
      world.engine().preview({ ...run, location, limit: 2 }),
    ).rejects.toThrow('There is no table warehouse.public.q');
  });
});

import { Change } from '../changes/types';
import { judgeConsumers } from './judgeConsumers';
import { Consumer } from './types';

const renamed: Change = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
  effect: 'breaking',
  summary: 'renamed to `arrival_delay`',
};
const added: Change = {
  kind: 'field-added',
  to: 'route',
  effect: 'compatible',
  summary: 'added as text',
};
const moved: Change = {
  kind: 'object-renamed',
  effect: 'breaking',
  summary: '`flights` is called `trips`',
};

function judge(
  consumer: Partial<Consumer>,
  changes: Change[] = [renamed, added],
  strict?: boolean,
  toVersion = '2.0.0',
) {
  const [verdict] = judgeConsumers({
    consumers: [
      { entityRef: 'component:default/x', source: 'declared', ...consumer },
    ],
    changes,
    toVersion,
    fields: ['delay', 'origin', 'address'],
    strict,
  });
  return [verdict.verdict, verdict.blocking, verdict.reasons.join('; ')];
}

describe('judgeConsumers, risks', () => {
  const longer: Change = {
    kind: 'length-changed',
    rule: 'length-raised',
    from: 'origin',
    to: 'origin',
    effect: 'risky',
    summary: 'changed from varchar(10) to varchar(20)',
  };
  const risk =
    'at risk: reads `origin`, changed from varchar(10) to varchar(20)';

  it('tells them to those who read the field, and blocks nobody', () => {
    expect(
      judge({ constraint: '^2.0.0', fields: ['origin'] }, [longer]),
    ).toEqual(['ready', false, `its constraint ^2.0.0 accepts 2.0.0; ${risk}`]);
    expect(judge({ fields: ['origin'] }, [longer])).toEqual([
      'ready',
      false,
      `reads only \`origin\`, which no breaking change touches; ${risk}`,
    ]);
    expect(judge({ fields: ['delay'] }, [longer])).toEqual([
      'ready',
      false,
      'reads only `delay`, which no breaking change touches',
    ]);
    expect(judge({}, [longer])).toEqual([
      'unknown',
      false,
      `declares neither a constraint nor the fields it reads; at risk, depending on what it reads: \`${longer.from}\` ${longer.summary}`,
    ]);
  });

  it('tells of a name in the contract those alone who declare it', () => {
    const logical: Change = {
      ...renamed,
      rule: 'logical-name-changed',
      effect: 'risky',
      summary: 'renamed to `arrival_delay` in the contract',
    };
    const parsed = { field: 'delay', by: 'parsed', file: 'a.sql', line: 1 };
    const found = {
      fields: ['delay'],
      complete: 'parsed',
      evidence: [parsed],
    } as Partial<Consumer>;
    expect(judge(found, [logical])).toEqual([
      'ready',
      false,
      'reads only `delay` (parsed from 1 file), which no breaking change touches',
    ]);
    const declared = [
      { fields: ['delay'] },
      {
        ...found,
        complete: 'declared',
        evidence: [parsed, { field: 'delay', by: 'declared' }],
      } as Partial<Consumer>,
    ];
    for (const consumer of declared) {
      expect(judge(consumer, [logical])).toEqual([
        'ready',
        false,
        expect.stringMatching(
          /at risk: reads `delay`.*, renamed to `arrival_delay` in the contract/,
        ),
      ]);
      expect(judge(consumer, [renamed])[0]).toBe('breaks');
    }
  });

  it('tells them beside what breaks', () => {
    expect(judge({ fields: ['delay', 'origin'] }, [renamed, longer])).toEqual([
      'breaks',
      true,
      `reads \`delay\`, renamed to \`arrival_delay\`; ${risk}`,
    ]);
  });
});

describe('judgeConsumers, the table of verdicts', () => {
  it.each<[string, Partial<Consumer>, unknown[]]>([
    [
      'accepts the target, untouched',
      { constraint: '^2.0.0', fields: ['origin'] },
      ['ready', false, 'its constraint ^2.0.0 accepts 2.0.0'],
    ],
    [
      'accepts the target, fields not known',
      { constraint: '>=1' },
      ['ready', false, 'its constraint >=1 accepts 2.0.0'],
    ],
    [
      'accepts the target, touched',
      { constraint: '2.x', fields: ['delay'] },
      [
        'breaks',
        true,
        'accepts 2.x but reads `delay`, renamed to `arrival_delay`',
      ],
    ],
    [
      'excludes the target, untouched',
      { constraint: '^1.0.0', fields: ['origin'] },
      [
        'ready',
        false,
        'reads only `origin`, which no breaking change touches; its constraint ^1.0.0 excludes 2.0.0 and wants raising',
      ],
    ],
    [
      'excludes the target, touched',
      { constraint: '^1.0.0', fields: ['origin', 'delay'] },
      [
        'breaks',
        true,
        'reads `delay`, renamed to `arrival_delay`; its constraint ^1.0.0 excludes 2.0.0',
      ],
    ],
    [
      'excludes the target, fields not known',
      { constraint: '^1.0.0' },
      [
        'breaks',
        true,
        'its constraint ^1.0.0 excludes 2.0.0 and the fields it reads are not known',
      ],
    ],
    [
      'no constraint, untouched',
      { fields: ['origin'] },
      ['ready', false, 'reads only `origin`, which no breaking change touches'],
    ],
    [
      'no constraint, touched',
      { fields: ['delay'] },
      ['breaks', true, 'reads `delay`, renamed to `arrival_delay`'],
    ],
    [
      'no constraint, fields not known',
      { source: 'depends-on' },
      [
        'unknown',
        true,
        'declares neither a constraint nor the fields it reads',
      ],
    ],
  ])('%s', (_, consumer, expected) => {
    expect(judge(consumer)).toEqual(expected);
  });

  it('is strict about constraints when asked to', () => {
    expect(
      judge({ constraint: '^1.0.0', fields: ['origin'] }, [renamed], true),
    ).toEqual(['breaks', true, 'its constraint ^1.0.0 excludes 2.0.0']);
  });

  it('lets an unknown consumer block only a plan with breaking changes', () => {
    expect(judge({}, [added])).toEqual([
      'unknown',
      false,
      'declares neither a constraint nor the fields it reads',
    ]);
  });

  it('follows a version that moves to everyone who does not accept it', () => {
    expect(judge({ fields: ['origin'] }, [moved])).toEqual([
      'breaks',
      true,
      '`flights` is called `trips`',
    ]);
    expect(judge({ constraint: '^2.0.0' }, [moved])[0]).toBe('ready');
  });

  it.each([undefined, true])(
    'lets a system follow that accepts everything and reads nothing (strict: %s)',
    strict => {
      const follows = [
        'ready',
        false,
        'accepts any version and reads no field',
      ];
      for (const toVersion of ['2.0.0', '2.0.0-rc.1']) {
        for (const constraint of ['*', 'x', '>=0.0.0']) {
          const consumer = { constraint, fields: [] };
          const changes = [renamed, { ...moved, effect: 'risky' as const }];
          expect(judge(consumer, changes, strict, toVersion)).toEqual(follows);
          changes.push(moved);
          expect(judge(consumer, changes, strict, toVersion)).toEqual(follows);
        }
      }
    },
  );

  it.each<[string, Partial<Consumer>]>([
    ['another constraint', { constraint: '^1.0.0', fields: [] }],
    ['a field', { constraint: '*', fields: ['origin'] }],
    ['no fields', { constraint: '*' }],
    [
      'no field, beside code that could not be read',
      {
        constraint: '*',
        fields: [],
        complete: 'declared',
        unread: [{ file: 'a.sql', reason: 'is not SQL' }],
      },
    ],
  ])('takes nobody for one who follows that declares %s', (_, consumer) => {
    expect(judge(consumer, [moved], false, '2.0.0-rc.1')[0]).toBe('breaks');
  });

  it('follows nested fields both ways', () => {
    const street: Change = {
      ...renamed,
      from: 'address.street',
      to: 'address.road',
      summary: 'renamed to `address.road`',
    };
    expect(judge({ fields: ['address'] }, [street])[2]).toBe(
      'reads `address`, where `address.street` is renamed to `address.road`',
    );
    expect(judge({ fields: ['address.street'] }, [street])[0]).toBe('breaks');
    expect(judge({ fields: ['address.zip'] }, [street])[0]).toBe('ready');
    const dropped: Change = {
      kind: 'field-dropped',
      from: 'address',
      effect: 'breaking',
      summary: 'dropped',
    };
    expect(judge({ fields: ['address.zip'] }, [dropped])[0]).toBe('breaks');
  });

  it('knows the names of the new version', () => {
    expect(
      judge({ constraint: '^2.0.0', fields: ['arrival_delay', 'route'] })[0],
    ).toBe('ready');
  });

  it('makes what cannot be used unknown, never silent', () => {
    expect(judge({ fields: ['speed'] })).toEqual([
      'unknown',
      true,
      'says it reads `speed`, which the dataset does not have',
    ]);
    expect(judge({ constraint: 'soon' })[2]).toBe(
      'its constraint "soon" is not a semantic version range',
    );
    expect(judge({ problem: 'spec.x: is odd', constraint: '^2.0.0' })).toEqual([
      'unknown',
      true,
      'spec.x: is odd',
    ]);
  });

  it.each([
    ['2.0.0-rc.1', '^2.0.0', 'breaks'],
    ['2.0.0-rc.1', '>=2.0.0-rc.0', 'ready'],
    ['2.0.0-rc.1', '*', 'breaks'],
    ['2.1.0', '~2.0', 'breaks'],
    ['2.1.0', '2', 'ready'],
    ['2.1.0', '1 - 2', 'ready'],
  ])(
    'judges %s by %s as semver does: %s',
    (toVersion, constraint, expected) => {
      const [{ verdict }] = judgeConsumers({
        consumers: [{ entityRef: 'x', source: 'declared', constraint }],
        changes: [renamed],
        toVersion,
      });
      expect(verdict).toBe(expected);
    },
  );

  it('carries the changes that touch', () => {
    const [verdict] = judgeConsumers({
      consumers: [{ entityRef: 'x', source: 'declared', fields: ['delay'] }],
      changes: [renamed, added],
      toVersion: '2.0.0',
    });
    expect(verdict.touchedBy).toEqual([renamed]);
  });
});

describe('judgeConsumers of a dataset with several objects', () => {
  const dropped: Change = {
    kind: 'field-dropped',
    from: 'carriers.name',
    effect: 'breaking',
    summary: 'dropped',
  };
  const verdictOf = (...fields: string[]) => {
    const [{ verdict, reasons }] = judgeConsumers({
      consumers: [
        { entityRef: 'component:default/x', source: 'declared', fields },
      ],
      changes: [dropped],
      toVersion: '2.0.0',
      fields: ['carriers.code', 'carriers.name', 'flights.name', 'flights.id'],
      objects: [
        { from: 'carriers', to: 'carriers' },
        { from: 'flights', to: 'flights' },
      ],
    });
    return [verdict, reasons.join('; ')];
  };

  it.each<[string, string[], string[]]>([
    [
      'with its object',
      ['carriers.name'],
      ['breaks', 'reads `carriers.name`, dropped'],
    ],
    [
      'of another object',
      ['flights.name'],
      ['ready', 'reads only `flights.name`, which no breaking change touches'],
    ],
    [
      'without its object, as there is one of that name',
      ['code'],
      ['ready', 'reads only `carriers.code`, which no breaking change touches'],
    ],
    [
      'without its object, as of all objects that have it',
      ['name'],
      ['breaks', 'reads `carriers.name`, dropped'],
    ],
    [
      'as the whole object',
      ['carriers'],
      ['breaks', 'reads `carriers`, where `carriers.name` is dropped'],
    ],
    [
      'that no object has',
      ['carriers.bogus'],
      [
        'unknown',
        'says it reads `carriers.bogus`, which the dataset does not have',
      ],
    ],
  ])('reads a field %s', (_, fields, expected) => {
    expect(verdictOf(...fields)).toEqual(expected);
  });

  it('tells of a name in the contract who declares the field without its object', () => {
    const consumer: Consumer = {
      entityRef: 'component:default/x',
      source: 'declared',
      fields: ['name', 'carriers.name'],
      complete: 'declared',
      evidence: [
        { field: 'name', by: 'declared' },
        { field: 'carriers.name', by: 'parsed', file: 'a.sql', line: 1 },
      ],
    };
    const [{ verdict, reasons }] = judgeConsumers({
      consumers: [consumer],
      changes: [
        {
          kind: 'field-renamed',
          rule: 'logical-name-changed',
          effect: 'risky',
          from: 'carriers.name',
          to: 'carriers.title',
          summary: 'renamed to `carriers.title` in the contract',
        },
      ],
      toVersion: '2.0.0',
      fields: ['carriers.name'],
      objects: [{ from: 'carriers', to: 'carriers' }],
    });
    expect(verdict).toBe('ready');
    expect(reasons.join()).toContain('at risk: reads `carriers.name`');
  });
});

describe('judgeConsumers of changes of one of several objects', () => {
  const aside: Change = {
    kind: 'rows-set-aside',
    object: 'flights',
    effect: 'breaking',
    summary: 'rows go to quarantine',
  };
  const called: Change = {
    kind: 'object-renamed',
    object: 'flights',
    effect: 'breaking',
    summary: '`flights` is called `trips`',
  };
  const verdictOf = (change: Change, fields?: string[]) => {
    const [{ verdict }] = judgeConsumers({
      consumers: [{ entityRef: 'x', source: 'declared', fields }],
      changes: [change],
      toVersion: '2.0.0',
      fields: ['carriers.code', 'flights.id', 'trips.id', 'trips.new'],
      objects: [
        { from: 'carriers', to: 'carriers' },
        { from: 'flights', to: 'trips' },
      ],
    });
    return verdict;
  };

  it.each<[string, string[] | undefined, string, string]>([
    ['a field of it', ['flights.id'], 'breaks', 'breaks'],
    ['a field of it, without its name', ['id'], 'breaks', 'breaks'],
    ['all of it', ['flights'], 'breaks', 'breaks'],
    ['a field under its new name', ['trips.id'], 'breaks', 'ready'],
    ['a new field of it', ['new'], 'breaks', 'ready'],
    ['all of it, under its new name', ['trips'], 'breaks', 'ready'],
    ['a field of another object', ['carriers.code'], 'ready', 'ready'],
    ['a field of both', ['code', 'flights.id'], 'breaks', 'breaks'],
    ['what it does not say', undefined, 'breaks', 'breaks'],
    ['a field of neither version', ['trips.gone'], 'unknown', 'unknown'],
  ])('judges who reads %s', (_, fields, setAside, renaming) => {
    expect(verdictOf(aside, fields)).toBe(setAside);
    expect(verdictOf(called, fields)).toBe(renaming);
  });

  it('takes a change of the whole dataset for everybody', () => {
    const gone: Change = {
      kind: 'location-changed',
      effect: 'breaking',
      summary: 'the server is gone',
    };
    expect(verdictOf(gone, ['carriers.code'])).toBe('breaks');
  });
});

describe('judgeConsumers of risks', () => {
  const risk: Change = {
    kind: 'length-changed',
    effect: 'risky',
    from: 'route',
    to: 'route',
    summary: 'has more room',
  };
  const wide: Change = {
    kind: 'service-level-changed',
    effect: 'risky',
    summary: 'promises less',
  };
  const judged = (fields?: string[]) =>
    judgeConsumers({
      consumers: [
        { entityRef: 'x', source: 'declared', constraint: '*', fields },
      ],
      changes: [risk, wide],
      toVersion: '2.0.0',
    })[0];

  it.each<[string, string[] | undefined, string[]]>([
    [
      'a field at risk',
      ['route'],
      ['at risk: reads `route`, has more room', 'at risk: promises less'],
    ],
    ['another field', ['id'], ['at risk: promises less']],
    [
      'what it does not say',
      undefined,
      [
        'at risk: promises less',
        'at risk, depending on what it reads: `route` has more room',
      ],
    ],
  ])('tells who reads %s', (_, fields, expected) => {
    const { verdict, reasons, blocking } = judged(fields);
    expect({ verdict, blocking }).toEqual({
      verdict: 'ready',
      blocking: false,
    });
    expect(reasons.filter(reason => reason.startsWith('at risk'))).toEqual(
      expected,
    );
  });
});

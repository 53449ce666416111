import fc from 'fast-check';
import { project } from '../__testUtils__/flights';
import { renderTemplate } from './renderTemplate';

const texts = (source: string) =>
  renderTemplate(source, project).map(({ sql }) => sql);

describe('templates', () => {
  it('become SQL on the lines that they have', () => {
    expect(
      texts(`{{ config(
  a=1
) }}
select 1 {# a
comment #}
{%- set x = 'y' -%}
, {{ x }}`),
    ).toEqual([`\n\n\nselect 1 \n\n\n, y`]);
  });

  it('become one text for each way in which conditions hold', () => {
    const source = `a{% if x %}\nb{% elif y %}\nc{% else %}\nd{% endif %}{% if x %} e{% endif %}`;
    expect(texts(source).map(text => text.replace(/\n/g, '·'))).toEqual([
      'a·b·· e',
      'a··c·',
      'a···d',
    ]);
  });

  it.each<[string, string[]]>([
    [
      '{% if x %}{% if y %}a{% else %}b{% endif %}{% else %}c{% endif %}',
      ['a', 'c', 'b'],
    ],
    // What is said before and behind goes together in every way.
    [
      '{% if x %}a{% else %}b{% endif %}{% if y %}c{% else %}d{% endif %}',
      ['ac', 'bc', 'ad', 'bd'],
    ],
    // The opposite of a condition, in it.
    ['{% if x %}a{% if x %}{% else %}b{% endif %}{% endif %}', ['a', '', 'ab']],
    // A variable may have changed.
    [
      '{% set x = 1 %}{% if x %}a{% endif %}{% set x = 0 %}{% if x %}b{% endif %}',
      ['ab', 'b', 'a', ''],
    ],
  ])('become each of them: %s', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it('are told apart by the tables that they name', () => {
    const variants = renderTemplate(
      `from {% if x %}{{ source('raw', 'other') }}{% else %}{{ source('raw', 'flight_facts') }}{% endif %}`,
      project,
    );
    expect(
      variants.map(({ placeholders }) => [...placeholders.values()][0]),
    ).toEqual([['other'], ['public', 'flights']]);
  });

  it('leave no text out, however conditions are nested', () => {
    interface Tree {
      condition: string;
      then: Tree[];
      otherwise: Tree[];
    }
    const { trees } = fc.letrec<{ trees: Tree[]; tree: Tree }>(tie => ({
      trees: fc.oneof(
        { maxDepth: 3 },
        fc.constant<Tree[]>([]),
        fc.array(tie('tree'), { minLength: 1, maxLength: 2 }),
      ),
      tree: fc.record({
        condition: fc.constantFrom('x', 'y', 'z'),
        then: tie('trees'),
        otherwise: tie('trees'),
      }),
    }));
    fc.assert(
      fc.property(trees, all => {
        let marks = 0;
        const mark = () => {
          marks += 1;
          return `<${marks}>`;
        };
        const write = (some: Tree[]): string =>
          some
            .map(
              ({ condition, then, otherwise }) =>
                `{% if ${condition} %}${mark()}${write(
                  then,
                )}{% else %}${mark()}${write(otherwise)}{% endif %}`,
            )
            .join('');
        const source = write(all);
        fc.pre(marks <= 32);
        const written = texts(source).join('');
        for (let one = 1; one <= marks; one += 1) {
          expect(written).toContain(`<${one}>`);
        }
      }),
    );
  });

  it('name tables by what the project calls them', () => {
    const [{ sql, placeholders }] = renderTemplate(
      `from {{ source('raw', 'flight_facts') }}, {{ ref('stg_x') }}, {{ ref('p', 'q') }}, {{ this }}`,
      project,
    );
    expect(sql).toBe(
      'from skein_relation_0, skein_relation_1, skein_relation_2, skein_relation_3',
    );
    expect([...placeholders.values()]).toEqual([
      ['public', 'flights'],
      null,
      ['q'],
      null,
    ]);
  });

  it('are values in texts, which a project may be given otherwise', () => {
    expect(texts(`'{{ var('hub', 'SFO') }}' {{ var('far', 100) }}`)).toEqual([
      `'SFO' 100`,
    ]);
  });

  it('need not be told in texts and comments', () => {
    expect(
      texts(
        `select '{{ any(thing) }}' -- {{ other(thing) }}\n/* {{ third }} */`,
      ),
    ).toEqual([`select 'x' -- \n/*  */`]);
  });

  it.each([
    `{{ ref(model) }}`,
    `{{ ref('a', 'b', 'c') }}`,
    `{{ ref() }}`,
    `{{ source('a') }}`,
    `{{ var('unknown') }}`,
    `{{ var('list', ['a']) }}`,
    `select {{ var('column', 'delay') }} from flights`,
    `select 'it\\'s {{ any(thing) }}'`,
    `{{ config(post_hook='select 1') }}`,
    `{{ x }}`,
    `{% set y = macro() %}{{ y }}`,
    `{% set y %}a{% endset %}`,
    `{% do x() %}`,
    `{% raw %}{% endraw %}`,
    `{{ 'a' ~ 'b' }}`,
    `{{ ref('a') | upper }}`,
  ])('are not guessed: %s', source => {
    expect(() => texts(source)).toThrow(/is not evaluated$/);
  });
});

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

  it('become one text with all conditions, and one without each', () => {
    const source = `a{% if x %}\nb{% elif y %}\nc{% else %}\nd{% endif %}{% if x %} e{% endif %}`;
    expect(texts(source).map(text => text.replace(/\n/g, '·'))).toEqual([
      'a·b·· e',
      'a··c·',
    ]);
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

import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FieldUse } from './FieldUse';

describe('what a consumer reads', () => {
  it('says on request how each field is known, and what could not be read', async () => {
    render(
      <FieldUse
        consumer={{
          fields: ['origin', 'delay', 'distance'],
          evidence: [
            { by: 'declared', field: 'origin' },
            {
              by: 'parsed',
              field: 'delay',
              file: 'models/late.sql',
              line: 12,
            },
            {
              by: 'observed',
              field: 'distance',
              job: 'airflow/radar',
              at: '2026-11-28T10:00:00.000Z',
            },
          ],
          unread: [
            {
              file: 'models/loop.sql',
              line: 3,
              reason: '{% for %} is not evaluated',
            },
          ],
          complete: 'declared',
          scan: {
            url: 'https://git.test/radar',
            revision: '0123456789abcdef0123',
            checkedAt: '2026-11-29T10:00:00.000Z',
          },
        }}
      />,
    );
    const summary = screen.getByText(
      'declared; parsed from 1 file; observed 2026-11-28T10:00:00.000Z; 1 place could not be read',
    );
    const items = () => screen.getAllByRole('listitem', { hidden: true });
    await userEvent.click(summary);
    expect(items().map(item => item.textContent)).toEqual([
      'origin: declared',
      'delay: models/late.sql:12',
      'distance: observed 2026-11-28T10:00:00.000Z in airflow/radar',
      'models/loop.sql:3 {% for %} is not evaluated',
      'source as of 0123456789ab, seen 2026-11-29T10:00:00.000Z',
    ]);
  });

  it('says that there may be more, and what may be of others', async () => {
    render(
      <FieldUse
        consumer={{
          evidence: [
            {
              by: 'parsed',
              field: 'delay',
              file: 'a.sql',
              line: 1,
              shared: true,
            },
          ],
        }}
      />,
    );
    expect(screen.getByText('not known')).toBeInTheDocument();
    await userEvent.click(
      screen.getByText('parsed from 1 file; perhaps not all'),
    );
    expect(screen.getByRole('listitem', { hidden: true })).toHaveTextContent(
      'delay: a.sql:1',
    );
  });

  it('says what runs did not read, and why that may prove nothing', async () => {
    const silence = {
      since: '2026-10-30',
      jobs: 2,
      reads: [{ field: 'origin', job: 'airflow/radar', on: '2026-11-28' }],
    };
    const { rerender } = render(<FieldUse consumer={{ silence }} />);
    await userEvent.click(screen.getByText('lineage live since 2026-10-30'));
    const item = () => screen.getByRole('listitem', { hidden: true });
    expect(item()).toHaveTextContent(
      'lineage of its 2 jobs was live throughout since 2026-10-30, and read only origin',
    );

    const doubt = 'airflow/radar has told nothing since 2026-11-02';
    rerender(<FieldUse consumer={{ silence: { ...silence, doubt } }} />);
    expect(screen.getByText('lineage not live throughout')).toBeInTheDocument();
    expect(item()).toHaveTextContent(
      `what its runs do not read proves nothing: ${doubt}`,
    );
  });

  it('names the declaration where only that says so', async () => {
    const { rerender } = render(<FieldUse consumer={{ fields: ['origin'] }} />);
    await userEvent.click(screen.getByText('declared'));
    expect(screen.getByRole('listitem', { hidden: true })).toHaveTextContent(
      'origin: declared',
    );
    rerender(<FieldUse consumer={{ fields: [] }} />);
    expect(screen.getByText('declared')).toBeInTheDocument();
    expect(screen.queryByRole('group')).not.toBeInTheDocument();
  });

  it('says so when nothing is known', () => {
    render(<FieldUse consumer={{}} />);
    expect(screen.getByText('not known')).toBeInTheDocument();
    expect(screen.queryByText('declared')).not.toBeInTheDocument();
  });
});

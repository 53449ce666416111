import { render, screen } from '@testing-library/react';
import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { TransformProgressBar } from './TransformProgressBar';

const shown = (progress: Partial<TransformProgress>) => {
  render(
    <TransformProgressBar
      progress={{ rowsDone: 0, chunksDone: 0, chunksTotal: 1, ...progress }}
    />,
  );
  const bar = screen.getByRole('progressbar', { name: 'Rows transformed' });
  return ['aria-valuenow', 'aria-valuetext'].map(name =>
    bar.getAttribute(name),
  );
};

describe('TransformProgressBar', () => {
  it('shows rows where their number is known', () => {
    expect(shown({ rowsDone: 30, rowsTotal: 40 })).toEqual([
      '75',
      '30 of 40 rows',
    ]);
  });

  it('shows the share of a file whose rows nobody has counted', () => {
    expect(shown({ share: 0.379 })).toEqual(['38', '0 rows, 37 %']);
  });

  it('claims nothing where neither is known', () => {
    expect(shown({ rowsDone: 7 })).toEqual([null, '7 rows']);
  });
});

import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DataColumn, DataTable } from './DataTable';

interface Row {
  id: string;
  size: number;
}

const columns: DataColumn<Row>[] = [
  { id: 'id', title: 'Name', render: row => row.id },
  {
    id: 'size',
    title: 'Size',
    render: row => row.size,
    compare: (a, b) => a.size - b.size,
  },
];

function renderTable(rows: Row[] | undefined) {
  return render(
    <DataTable
      label="Things"
      columns={columns}
      rows={rows}
      rowKey={row => row.id}
      empty="Nothing here."
    />,
  );
}

const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map(row => within(row).getAllByRole('cell')[0].textContent);

describe('DataTable', () => {
  it('says that it is busy while there are no rows yet', () => {
    renderTable(undefined);
    expect(screen.getByRole('table', { name: 'Things' })).toHaveAttribute(
      'aria-busy',
      'true',
    );
    expect(screen.queryByText('Nothing here.')).not.toBeInTheDocument();
  });

  it('says that it is empty', () => {
    renderTable([]);
    expect(screen.getByText('Nothing here.')).toBeInTheDocument();
  });

  it('sorts up, down, and back to the order given', async () => {
    renderTable([
      { id: 'b', size: 2 },
      { id: 'c', size: 3 },
      { id: 'a', size: 1 },
    ]);
    const button = screen.getByRole('button', { name: 'Size' });
    const header = screen.getByRole('columnheader', { name: 'Size' });
    await userEvent.click(button);
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(header).toHaveAttribute('aria-sort', 'ascending');
    await userEvent.click(button);
    expect(names()).toEqual(['c', 'b', 'a']);
    expect(header).toHaveAttribute('aria-sort', 'descending');
    await userEvent.click(button);
    expect(names()).toEqual(['b', 'c', 'a']);
  });

  it('draws few of 3,000 rows and tells screen readers how many there are', () => {
    renderTable(
      Array.from({ length: 3_000 }, (_, n) => ({ id: `row ${n}`, size: n })),
    );
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '3001');
    const drawn = names();
    expect(drawn[0]).toBe('row 0');
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.length).toBeLessThan(60);
  });
});

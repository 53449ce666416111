import { ResultRow } from '../process/DuckDbProcess';
import { parquetFormat } from './parquetFormat';

const options = { chunkRows: 100, lanes: 1 };

describe('the chunks of Parquet files', () => {
  it('are cut by what few statements tell of many files', async () => {
    const files = Array.from({ length: 250 }, (_, index) => `/data/${index}`);
    const asked: string[] = [];
    const cut = await parquetFormat.cut(
      async sql => {
        asked.push(sql);
        return files
          .filter(file => sql.includes(`'${file}'`))
          .flatMap((file): ResultRow[] =>
            file === '/data/3'
              ? []
              : [
                  { file_name: file, id: '1', num_rows: '20' },
                  { file_name: file, id: '0', num_rows: '100' },
                ],
          )
          .reverse();
      },
      files,
      options,
    );
    expect(asked).toHaveLength(3);
    expect(cut.rowsTotal).toBe(249 * 120);
    expect(cut.chunks.filter(({ file }) => file === 3)).toEqual([
      { file: 3, rows: { from: 0, to: 0 } },
    ]);
    // Where the second row group would begin is too far from the middle.
    expect(cut.chunks.filter(({ file }) => file === 249)).toEqual([
      { file: 249, rows: { from: 0, to: 60 } },
      { file: 249, rows: { from: 60, to: 120 } },
    ]);
  });

  it('come with the columns in the first file, by the first statement, where asked for', async () => {
    const files = Array.from({ length: 150 }, (_, index) => `/data/${index}`);
    const asked: string[] = [];
    const { columns, rowsTotal } = await parquetFormat.cut(
      async sql => {
        asked.push(sql);
        const ofFirst = sql.match(/DESCRIBE .* FROM read_parquet\('\/data\/0'/);
        return [
          ...files
            .filter(file => sql.includes(`'${file}'`))
            .map(file => ({ file_name: file, id: '0', num_rows: '5' })),
          ...(ofFirst
            ? [
                { file_name: null, column_name: 'b', column_type: 'BIGINT' },
                { file_name: null, column_name: 'a', column_type: 'VARCHAR' },
              ]
            : []),
        ];
      },
      files,
      { ...options, columns: true },
    );
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toContain('DESCRIBE');
    expect(rowsTotal).toBe(750);
    expect(columns).toEqual([
      { name: 'b', type: 'BIGINT' },
      { name: 'a', type: 'VARCHAR' },
    ]);
  });

  it('leave out no rows of a file that is told of by another name', async () => {
    await expect(
      parquetFormat.cut(
        async () => [{ file_name: '/other', id: '0', num_rows: '1' }],
        ['/data/0'],
        options,
      ),
    ).rejects.toThrow('another name: /other');
  });
});

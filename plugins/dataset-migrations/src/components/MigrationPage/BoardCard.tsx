import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import {
  BoardRequest,
  Migration,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { answerNames } from '../../format/readiness';
import { useBoard } from '../../hooks/useBoard';
import { useDebounced } from '../../hooks/useDebounced';
import { useListLocation } from '../../hooks/useListLocation';
import { ConsumerCounts } from '../shared/ConsumerCounts';
import { DataTable } from '../shared/DataTable';
import { DownloadCsvButton } from '../shared/DownloadCsvButton';
import { OwnerFilter } from '../shared/OwnerFilter';
import { PagedList } from '../shared/PagedList';
import { SearchField } from '../shared/SearchField';
import { StateFilter } from '../shared/StateFilter';
import { boardColumns } from './boardColumns';
import { DatesButton } from './DatesButton';

/** Large, so that five thousand are few pages; only the rows in sight are drawn. */
const PAGE_SIZE = 200;

const verdicts: Verdict[] = ['breaks', 'unknown', 'ready'];
const answers = Object.keys(answerNames) as Array<keyof typeof answerNames>;

/** The consumers of a migration: how far they are, and what is asked of whom until when. */
export function BoardCard(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const { id, toVersion } = migration;
  const { query, setFilters, pages } = useListLocation();
  const search = query.get('search') ?? '';
  const [text, setText] = useDebounced(search, value =>
    setFilters({ search: value }),
  );
  const filter: Omit<BoardRequest, 'cursor' | 'limit'> = {
    verdict: chosen(verdicts, query.getAll('verdict')),
    answer: chosen(answers, query.getAll('answer')),
    owner: query.get('owner') ?? undefined,
    search: search || undefined,
  };
  const board = useBoard(id, {
    ...filter,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });

  const api = useApi(datasetMigrationsApiRef);
  const filterKey = JSON.stringify(filter);
  const loadCsv = useCallback(
    () => api.getBoardCsv(id, JSON.parse(filterKey)),
    [api, id, filterKey],
  );
  const isFiltered = filterKey !== '{}';
  if (board.value?.totalItems === 0 && !isFiltered) {
    return null;
  }
  const [verdict, ...others] = filter.verdict ?? [];
  return (
    <section aria-label="Consumers of the migration">
      <PagedList
        noun="consumer"
        list={board}
        pages={pages}
        pageSize={PAGE_SIZE}
        filters={
          <>
            <div style={{ flexBasis: '100%' }}>
              <Typography variant="h5" component="h2">
                Consumers
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {board.value?.current === false
                  ? 'As they were judged last: the evidence for going on'
                  : `Who is ready for ${toVersion}, who is not, and what is asked of them`}
              </Typography>
            </div>
            {board.value && (
              <ConsumerCounts
                counts={board.value.counts}
                selected={others.length === 0 ? verdict : undefined}
                onSelect={next => setFilters({ verdict: next })}
              />
            )}
            <DatesButton migration={migration} onUpdated={onUpdated} />
            <div style={{ flexBasis: '100%' }} />
            <SearchField
              label="Search consumers"
              value={text}
              onChange={setText}
            />
            <OwnerFilter
              value={filter.owner}
              onChange={owner => setFilters({ owner })}
            />
            <StateFilter
              id="board-answer"
              label="Its owner says"
              states={answers}
              value={filter.answer ?? []}
              onChange={answer => setFilters({ answer })}
              render={answer => answerNames[answer]}
            />
            <DownloadCsvButton
              name={`consumers ${migration.datasetRef} ${toVersion}`}
              load={loadCsv}
            />
          </>
        }
      >
        <DataTable
          label="Consumers"
          columns={boardColumns}
          rows={board.value?.items}
          rowKey={entry => entry.consumer.entityRef}
          empty="No consumer matches the filters."
        />
      </PagedList>
    </section>
  );
}

function chosen<T extends string>(
  possible: readonly T[],
  asked: string[],
): T[] | undefined {
  const found = possible.filter(value => asked.includes(value));
  return found.length > 0 ? found : undefined;
}

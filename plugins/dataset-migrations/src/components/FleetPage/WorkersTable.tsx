import { useMemo } from 'react';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import PlayCircleFilledIcon from '@material-ui/icons/PlayCircleFilled';
import LinearProgress from '@material-ui/core/LinearProgress';
import Typography from '@material-ui/core/Typography';
import { WorkerInfo } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { DataColumn, DataTable } from '../shared/DataTable';
import { RelativeTime } from '../shared/RelativeTime';
import { ToneChip } from '../shared/ToneChip';

function StateCell({ worker }: { worker: WorkerInfo }) {
  return worker.state === 'working' ? (
    <ToneChip tone="ok" icon={PlayCircleFilledIcon}>
      working
    </ToneChip>
  ) : (
    <ToneChip
      tone="neutral"
      icon={PauseCircleFilledIcon}
      title="It stops, and takes no more jobs"
    >
      draining
    </ToneChip>
  );
}

function SlotsCell({ worker }: { worker: WorkerInfo }) {
  const { running, slots } = worker;
  const text = `${formatCount(running)} of ${formatCount(slots)}`;
  return (
    <>
      {text}
      <LinearProgress
        variant="determinate"
        value={slots > 0 ? Math.min(100, (100 * running) / slots) : 0}
        aria-label="Slots in use"
        aria-valuetext={text}
      />
    </>
  );
}

function EnginesCell(props: { worker: WorkerInfo; all: string[] }) {
  const { engines } = props.worker;
  if (!engines) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        all (an earlier release)
      </Typography>
    );
  }
  const missing = props.all.filter(engine => !engines.includes(engine));
  return (
    <>
      {engines.join(', ') || 'none'}
      {missing.length > 0 && (
        <Typography variant="caption" color="textSecondary" display="block">
          not {missing.join(', ')}: their storage is not reached from here
        </Typography>
      )}
    </>
  );
}

function columnsOf(all: string[]): DataColumn<WorkerInfo>[] {
  return [
    {
      id: 'host',
      title: 'Worker',
      width: '26%',
      compare: (a, b) => a.hostname.localeCompare(b.hostname) || a.pid - b.pid,
      render: worker => (
        <span title={worker.id}>
          {worker.hostname}
          <Typography variant="caption" color="textSecondary" display="block">
            process {worker.pid}
          </Typography>
        </span>
      ),
    },
    {
      id: 'state',
      title: 'State',
      width: 130,
      render: worker => <StateCell worker={worker} />,
    },
    {
      id: 'slots',
      title: 'Jobs',
      width: 120,
      compare: (a, b) => a.running - b.running,
      render: worker => <SlotsCell worker={worker} />,
    },
    {
      id: 'engines',
      title: 'Takes datasets of',
      render: worker => <EnginesCell worker={worker} all={all} />,
    },
    {
      id: 'version',
      title: 'Release',
      width: 100,
      render: worker => worker.version ?? '–',
    },
    {
      id: 'started',
      title: 'Started',
      width: 140,
      compare: (a, b) => a.startedAt.localeCompare(b.startedAt),
      render: worker => <RelativeTime at={worker.startedAt} />,
    },
    {
      id: 'seen',
      title: 'Last sign of life',
      width: 150,
      compare: (a, b) => a.lastSeenAt.localeCompare(b.lastSeenAt),
      render: worker => <RelativeTime at={worker.lastSeenAt} />,
    },
  ];
}

/** The workers that are alive, one a line. */
export function WorkersTable(props: {
  workers: WorkerInfo[] | undefined;
  /** Of all datasets. */
  engines: string[];
}) {
  const { workers } = props;
  const names = props.engines.join();
  const columns = useMemo(
    () => columnsOf(names ? names.split(',') : []),
    [names],
  );
  return (
    <DataTable
      label="Workers"
      columns={columns}
      rows={workers}
      rowKey={worker => worker.id}
      empty="No worker is alive. Migrations wait until one starts."
    />
  );
}
